using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Mounts;

/// <summary>
/// A file system being configured (fsopen(2), Linux 5.2): options are set one by one, so none can smuggle in another, and the
/// kernel says in words what it does not like.
/// </summary>
public sealed unsafe class FileSystemContext : IDisposable
{
    private readonly FileDescriptor _context;
    private readonly string _type;

    private FileSystemContext(FileDescriptor context, string type)
    {
        _context = context;
        _type = type;
    }

    /// <summary>fsopen(2).</summary>
    /// <param name="type">The file system's name: overlay, tmpfs, proc.</param>
    public static FileSystemContext Open(string type)
    {
        using var name = new Utf8Text(type);
        var result = Kernel.Call(Syscall.FsOpen, (nint)name.Pointer, MountConstants.FsOpenCloseOnExec);
        return new FileSystemContext(new FileDescriptor((int)Kernel.Check(result, "open file system type", type)), type);
    }

    /// <summary>Sets <c>key=value</c>.</summary>
    public FileSystemContext Set(string key, string value)
    {
        using var keyText = new Utf8Text(key);
        using var valueText = new Utf8Text(value);
        var result = Kernel.Call(
            Syscall.FsConfig, _context.Number, MountConstants.ConfigSetString, (nint)keyText.Pointer, (nint)valueText.Pointer, 0);
        CheckConfig(result, $"{key}={value}");
        return this;
    }

    /// <summary>Sets a key to an open file or directory. Gives back the kernel's answer: which keys take one depends on its version.</summary>
    public Errno TrySet(string key, FileDescriptor value)
    {
        using var text = new Utf8Text(key);
        return Kernel.ErrnoOf(Kernel.Call(
            Syscall.FsConfig, _context.Number, MountConstants.ConfigSetDescriptor, (nint)text.Pointer, 0, value.Number));
    }

    /// <summary>Sets a flag such as <c>ro</c>.</summary>
    public FileSystemContext SetFlag(string key)
    {
        using var keyText = new Utf8Text(key);
        CheckConfig(Kernel.Call(Syscall.FsConfig, _context.Number, MountConstants.ConfigSetFlag, (nint)keyText.Pointer, 0, 0), key);
        return this;
    }

    /// <summary>Makes the superblock and a mount of it that is attached nowhere yet (fsmount(2)).</summary>
    public FileDescriptor CreateMount(MountAttributes attributes = MountAttributes.None)
    {
        CheckConfig(Kernel.Call(Syscall.FsConfig, _context.Number, MountConstants.ConfigCreate, 0, 0, 0), "create");
        var mount = Kernel.Call(Syscall.FsMount, _context.Number, MountConstants.FsMountCloseOnExec, (nint)attributes);
        return new FileDescriptor((int)Kernel.Check(mount, "mount file system", _type));
    }

    /// <inheritdoc/>
    public void Dispose() => _context.Dispose();

    private void CheckConfig(long result, string what)
    {
        if (result < 0)
            throw new LinuxException($"set up {_type}:", what, (Errno)(-result), ReadComplaint());
    }

    // The context's log, one message a read: "e overlay: upper fs missing required features".
    private string? ReadComplaint()
    {
        Span<byte> buffer = stackalloc byte[1024];
        var got = Files.TryRead(_context, buffer);
        return got > 2 ? "the kernel says: " + Encoding.UTF8.GetString(buffer[2..(int)got]).TrimEnd() : null;
    }
}
