using Insula.Linux.Syscalls;

namespace Insula.Linux.FileTrees;

/// <summary>
/// The *at() calls on one name in an open directory, with names as bytes. None follows a symbolic link in the last component.
/// Each gives back the kernel's own result (negative: -errno), since what a failure means is the caller's to say.
/// </summary>
/// <remarks>
/// A single name that holds no '/' and is not ".." cannot leave its directory; a path can, and belongs to
/// <see cref="TryOpenBeneath"/>.
/// </remarks>
public static unsafe class DirectoryCalls
{
    private const int SymlinkNoFollow = 0x100;      // AT_SYMLINK_NOFOLLOW
    private const int RemoveDirectoryFlag = 0x200;  // AT_REMOVEDIR
    private const int FifoType = 0x1000;            // S_IFIFO

    /// <summary>openat(2) of one name, with O_NOFOLLOW.</summary>
    public static long TryOpen(FileDescriptor directory, ReadOnlySpan<byte> name, OpenFlags flags, int mode = 0)
    {
        using var text = new NulTerminated(name);
        return Kernel.Call(Syscall.OpenAt, directory.Number, (nint)text.Pointer, Files.NativeFlags(flags | OpenFlags.NoFollow), mode);
    }

    /// <summary>openat2(2) of a path that must stay beneath the directory and lead through no symbolic link at all.</summary>
    public static long TryOpenBeneath(FileDescriptor directory, ReadOnlySpan<byte> path, OpenFlags flags)
    {
        using var text = new NulTerminated(path);
        var how = new Files.OpenHow
        {
            Flags = (ulong)Files.NativeFlags(flags),
            Resolve = (ulong)(ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoMagicLinks),
        };
        long result;
        var attempts = 0;
        do
            result = Kernel.Call(Syscall.OpenAt2, directory.Number, (nint)text.Pointer, (nint)(&how), sizeof(Files.OpenHow));
        while (result == -(long)Errno.EAGAIN && ++attempts < 128);
        return result;
    }

    /// <summary>mkdirat(2).</summary>
    public static long TryMakeDirectory(FileDescriptor directory, ReadOnlySpan<byte> name, int mode)
    {
        using var text = new NulTerminated(name);
        return Kernel.Call(Syscall.MkDirAt, directory.Number, (nint)text.Pointer, mode);
    }

    /// <summary>mknodat(2) for a named pipe; the mode is cut by the umask.</summary>
    public static long TryMakeFifo(FileDescriptor directory, ReadOnlySpan<byte> name, int mode)
    {
        using var text = new NulTerminated(name);
        return Kernel.Call(Syscall.MkNodAt, directory.Number, (nint)text.Pointer, FifoType | mode, 0);
    }

    /// <summary>symlinkat(2): <paramref name="name"/> is made to point to <paramref name="target"/>, whatever that is.</summary>
    public static long TryMakeSymbolicLink(FileDescriptor directory, ReadOnlySpan<byte> name, ReadOnlySpan<byte> target)
    {
        using var link = new NulTerminated(name);
        using var text = new NulTerminated(target);
        return Kernel.Call(Syscall.Symlinkat, (nint)text.Pointer, directory.Number, (nint)link.Pointer);
    }

    /// <summary>linkat(2): a symbolic link is itself linked, never what it points to.</summary>
    public static long TryLink(FileDescriptor fromDirectory, ReadOnlySpan<byte> from, FileDescriptor toDirectory, ReadOnlySpan<byte> to)
    {
        using var source = new NulTerminated(from);
        using var link = new NulTerminated(to);
        return Kernel.Call(Syscall.Linkat, fromDirectory.Number, (nint)source.Pointer, toDirectory.Number, (nint)link.Pointer, 0);
    }

    /// <summary>unlinkat(2) of anything but a directory.</summary>
    public static long TryRemove(FileDescriptor directory, ReadOnlySpan<byte> name)
    {
        using var text = new NulTerminated(name);
        return Kernel.Call(Syscall.Unlinkat, directory.Number, (nint)text.Pointer, 0);
    }

    /// <summary>unlinkat(2) of an empty directory.</summary>
    public static long TryRemoveDirectory(FileDescriptor directory, ReadOnlySpan<byte> name)
    {
        using var text = new NulTerminated(name);
        return Kernel.Call(Syscall.Unlinkat, directory.Number, (nint)text.Pointer, RemoveDirectoryFlag);
    }

    /// <summary>fchownat(2) of the name itself.</summary>
    public static long TryChangeOwner(FileDescriptor directory, ReadOnlySpan<byte> name, uint user, uint group)
    {
        using var text = new NulTerminated(name);
        return Kernel.Call(Syscall.Fchownat, directory.Number, (nint)text.Pointer, (nint)user, (nint)group, SymlinkNoFollow);
    }

    /// <summary>fchown(2) of an open file (not O_PATH).</summary>
    public static long TryChangeOwner(FileDescriptor file, uint user, uint group)
        => Kernel.Call(Syscall.Fchown, file.Number, (nint)user, (nint)group);

    /// <summary>fchmodat(2). Follows symbolic links, so it is for names that the caller has just made as something else.</summary>
    public static long TryChangeMode(FileDescriptor directory, ReadOnlySpan<byte> name, int mode)
    {
        using var text = new NulTerminated(name);
        return Kernel.Call(Syscall.Fchmodat, directory.Number, (nint)text.Pointer, mode);
    }

    /// <summary>fchmod(2) of an open file.</summary>
    public static long TryChangeMode(FileDescriptor file, int mode) => Kernel.Call(Syscall.Fchmod, file.Number, mode);

    /// <summary>utimensat(2) of the name itself: access and modification time are set alike.</summary>
    public static long TrySetTime(FileDescriptor directory, ReadOnlySpan<byte> name, FileTime time)
    {
        using var text = new NulTerminated(name);
        return SetTime(directory.Number, text.Pointer, time);
    }

    /// <summary>futimens(3) of an open file: access and modification time are set alike.</summary>
    public static long TrySetTime(FileDescriptor file, FileTime time) => SetTime(file.Number, null, time);

    /// <summary>readlinkat(2) of one name. Null if it is no symbolic link or cannot be read.</summary>
    public static byte[]? TryReadLink(FileDescriptor directory, ReadOnlySpan<byte> name)
    {
        using var text = new NulTerminated(name);
        var buffer = stackalloc byte[EntryName.MaxPathLength + 1];
        var length = Kernel.Call(Syscall.Readlinkat, directory.Number, (nint)text.Pointer, (nint)buffer, EntryName.MaxPathLength + 1);
        return length < 0 ? null : new ReadOnlySpan<byte>(buffer, (int)length).ToArray();
    }

    private static long SetTime(int directory, byte* name, FileTime time)
    {
        var times = stackalloc long[4] { time.Seconds, time.Nanoseconds, time.Seconds, time.Nanoseconds };
        return Kernel.Call(Syscall.Utimensat, directory, (nint)name, (nint)times, name == null ? 0 : SymlinkNoFollow);
    }
}
