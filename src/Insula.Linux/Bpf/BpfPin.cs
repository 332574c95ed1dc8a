using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>
/// Names for maps, programs and links in a bpf file system: what has a name stays when the last descriptor is closed. A name is taken away like
/// that of any file.
/// </summary>
public static unsafe class BpfPin
{
    /// <summary>Gives a map, a program or a link a name (BPF_OBJ_PIN).</summary>
    /// <param name="descriptor">The object's.</param>
    /// <param name="path">Below a mount of bpf; without dots.</param>
    /// <exception cref="LinuxException">EEXIST: the name is taken. EPERM: this is no bpf file system.</exception>
    public static void Add(FileDescriptor descriptor, string path)
    {
        using var text = new Utf8Text(path);
        var attributes = new BpfPinAttributes { Path = (ulong)text.Pointer, Descriptor = descriptor.Number };
        Kernel.Check(BpfCall.Make(BpfCommand.ObjPin, ref attributes), "pin a BPF object as", path);
    }

    /// <summary>The object of that name (BPF_OBJ_GET); null if there is none.</summary>
    public static FileDescriptor? TryGet(string path)
    {
        using var text = new Utf8Text(path);
        var attributes = new BpfPinAttributes { Path = (ulong)text.Pointer };
        var result = BpfCall.Make(BpfCommand.ObjGet, ref attributes);
        if (Kernel.ErrnoOf(result) == Errno.ENOENT)
            return null;
        return new FileDescriptor((int)Kernel.Check(result, "open the BPF object", path));
    }
}
