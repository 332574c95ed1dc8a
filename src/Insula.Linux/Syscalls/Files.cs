using System.Runtime.InteropServices;

namespace Insula.Linux.Syscalls;

/// <summary>Opening, reading and writing small files by descriptor. Everything is opened close-on-exec.</summary>
public static class Files
{
    /// <summary>AT_FDCWD: relative paths start at the working directory.</summary>
    public const int CurrentDirectory = -100;

    [StructLayout(LayoutKind.Sequential)]
    internal struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    /// <summary>open(2).</summary>
    /// <param name="path">The path, taken as the kernel takes it: symbolic links are followed.</param>
    /// <param name="flags">How to open; close-on-exec is always added.</param>
    /// <param name="mode">Permission bits of a new file, before the umask.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileDescriptor Open(string path, OpenFlags flags, int mode = 0)
        => new((int)Kernel.Check(TryOpenAt(CurrentDirectory, path, flags, mode), "open", path));

    /// <summary>openat(2), giving back the kernel's own result.</summary>
    public static long TryOpenAt(int directory, string path, OpenFlags flags, int mode = 0)
        => Kernel.CallWithPath(Syscall.OpenAt, directory, path, NativeFlags(flags), mode);

    /// <summary>openat2(2), giving back the kernel's own result. Retries EAGAIN (a rename raced with the walk).</summary>
    public static unsafe long TryOpenAt2(int directory, string path, OpenFlags flags, ResolveFlags resolve, int mode = 0)
    {
        var how = new OpenHow { Flags = (ulong)NativeFlags(flags), Mode = (ulong)mode, Resolve = (ulong)resolve };
        long result;
        var attempts = 0;
        do
            result = Kernel.CallWithPath(Syscall.OpenAt2, directory, path, (nint)(&how), sizeof(OpenHow));
        while (result == -(long)Errno.EAGAIN && ++attempts < 128);
        return result;
    }

    /// <summary>Writes all of <paramref name="bytes"/>.</summary>
    public static unsafe void WriteAll(FileDescriptor file, ReadOnlySpan<byte> bytes, string name)
    {
        fixed (byte* start = bytes)
        {
            nint done = 0;
            while (done < bytes.Length)
                done += (nint)Kernel.Check(Kernel.Call(Syscall.Write, file.Number, (nint)start + done, bytes.Length - done), "write", name);
        }
    }

    /// <summary>Makes one write(2). Returns the kernel's own result.</summary>
    public static unsafe long TryWrite(FileDescriptor file, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            return Kernel.Call(Syscall.Write, file.Number, (nint)start, bytes.Length);
    }

    /// <summary>Reads up to the size of <paramref name="buffer"/>; 0 at the end of the file. Returns the kernel's own result.</summary>
    public static unsafe long TryRead(FileDescriptor file, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return Kernel.Call(Syscall.Read, file.Number, (nint)start, buffer.Length);
    }

    /// <summary>
    /// The whole of a file as text (UTF-8), for the kernel's small files, which tell no size. What fits on the stack costs no memory:
    /// a start reads dozens of them.
    /// </summary>
    /// <returns>The kernel's error; the text is then empty.</returns>
    public static Errno TryReadText(int directory, string path, out string text)
    {
        text = "";
        var opened = TryOpenAt(directory, path, OpenFlags.ReadOnly);
        if (opened < 0)
            return Kernel.ErrnoOf(opened);
        using var file = new FileDescriptor((int)opened);
        Span<byte> buffer = stackalloc byte[4096];
        var length = 0;
        while (true)
        {
            var got = TryRead(file, buffer[length..]);
            if (got < 0)
                return Kernel.ErrnoOf(got);
            if (got == 0)
                break;
            length += (int)got;
            if (length < buffer.Length)
                continue;
            var larger = new byte[length * 2];
            buffer.CopyTo(larger);
            buffer = larger;
        }
        text = System.Text.Encoding.UTF8.GetString(buffer[..length]);
        return Errno.None;
    }

    /// <summary>As <see cref="TryReadText"/>, of a path of the host.</summary>
    /// <exception cref="LinuxException">It cannot be read.</exception>
    public static string ReadText(string path)
        => TryReadText(CurrentDirectory, path, out var text) is var errno && errno == Errno.None
            ? text
            : throw new LinuxException("read", path, errno);

    /// <summary>
    /// Writes a value to a kernel file (cgroup, /proc, /sys) with one write(2), as these files demand.
    /// Returns the kernel's error instead of throwing, since callers add what the file means. What a plain file held before is
    /// gone, as with the shell's ">"; kernel files do not mind.
    /// </summary>
    public static unsafe Errno TryWriteValue(string path, string value)
    {
        var opened = TryOpenAt(CurrentDirectory, path, OpenFlags.WriteOnly | OpenFlags.Truncate);
        if (opened < 0)
            return Kernel.ErrnoOf(opened);
        using var file = new FileDescriptor((int)opened);
        var bytes = System.Text.Encoding.UTF8.GetBytes(value);
        fixed (byte* start = bytes)
            return Kernel.ErrnoOf(Kernel.Call(Syscall.Write, file.Number, (nint)start, bytes.Length));
    }

    /// <summary>Gives a file a second name (link(2)).</summary>
    /// <exception cref="LinuxException">EEXIST: the name is taken.</exception>
    public static unsafe void Link(string path, string name)
    {
        using var from = new Utf8Text(path);
        using var to = new Utf8Text(name);
        Kernel.Check(Kernel.Call(Syscall.Linkat, CurrentDirectory, (nint)from.Pointer, CurrentDirectory, (nint)to.Pointer, 0), "link", name);
    }

    /// <summary>pipe2(2) with O_CLOEXEC.</summary>
    public static unsafe (FileDescriptor Read, FileDescriptor Write) Pipe()
    {
        var ends = stackalloc int[2];
        Kernel.Check(Kernel.Call(Syscall.Pipe2, (nint)ends, (int)OpenFlags.CloseOnExec), "create", "a pipe");
        return (new FileDescriptor(ends[0]), new FileDescriptor(ends[1]));
    }

    /// <summary>The kernel's bits for <paramref name="flags"/> on this architecture, with O_CLOEXEC.</summary>
    public static int NativeFlags(OpenFlags flags) => NativeFlags(flags, RuntimeInformation.ProcessArchitecture);

    /// <summary>As above, for any architecture.</summary>
    internal static int NativeFlags(OpenFlags flags, Architecture architecture)
    {
        var bits = (int)(flags | OpenFlags.CloseOnExec);
        if (architecture != Architecture.Arm64)
            return bits;
        // arch/arm64/include/uapi/asm/fcntl.h gives these two other values than asm-generic does.
        bits &= ~(int)(OpenFlags.Directory | OpenFlags.NoFollow);
        if (flags.HasFlag(OpenFlags.Directory))
            bits |= 0x4000;
        if (flags.HasFlag(OpenFlags.NoFollow))
            bits |= 0x8000;
        return bits;
    }
}
