using Insula.Linux.FileTrees;

namespace Insula.Linux.Syscalls;

// Reading and replacing whole small files of a hostile tree. Nothing here leaves the mount the tree is on: a link of the container to
// /proc or to a device would else make us read what the container may not.
public sealed partial class RootDirectory
{
    private const ResolveFlags Guarded = ResolveFlags.InRoot | ResolveFlags.NoMagicLinks | ResolveFlags.NoCrossMount;
    private const int Permissions = 0x1FF;  // 0777

    /// <summary>What a path leads to, following symbolic links inside; null if there is nothing, or only beyond another mount.</summary>
    public FileStatus? TryLookAt(string path) => TryStatus(path, OpenFlags.Path);

    /// <summary>What is at a path, a symbolic link included; null if there is nothing.</summary>
    public FileStatus? TryLookAtItself(string path) => TryStatus(path, OpenFlags.Path | OpenFlags.NoFollow);

    /// <summary>Where the symbolic link at a path points to; null if there is none.</summary>
    public unsafe string? TryReadLink(string path)
    {
        using var link = TryOpenGuarded(path, OpenFlags.Path | OpenFlags.NoFollow);
        if (link == null || FileStatus.Of(link, Display(path)).Kind != FileKind.SymbolicLink)
            return null;
        const int longest = 4096;
        var buffer = stackalloc byte[longest];
        var empty = stackalloc byte[1];
        var length = Kernel.Check(
            Kernel.Call(Syscall.Readlinkat, link.Number, (nint)empty, (nint)buffer, longest), "read the link", Display(path));
        return System.Text.Encoding.UTF8.GetString(buffer, (int)length);
    }

    /// <summary>
    /// The content of a regular file, reached through symbolic links inside the tree if need be; null if nothing is there or the path
    /// leads nowhere or to another mount.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="longest">The most bytes that are read.</param>
    /// <param name="status">Its owner and mode.</param>
    /// <exception cref="LinuxException">It is no regular file (EINVAL), longer than that (EFBIG), or cannot be read.</exception>
    public byte[]? TryReadFile(string path, int longest, out FileStatus status)
    {
        status = default;
        // Looked at before it is opened for reading: opening alone can wait for ever (a FIFO) or do harm (a device).
        using var found = TryOpenGuarded(path, OpenFlags.Path);
        if (found == null)
            return null;
        status = FileStatus.Of(found, Display(path));
        if (status.Kind != FileKind.Regular)
            throw NotRegular("read", path);
        using var file = new FileDescriptor((int)Kernel.Check(
            Files.TryOpenAt(Files.CurrentDirectory, found.ProcPath, OpenFlags.ReadOnly | OpenFlags.NonBlocking), "open", Display(path)));
        return ReadUpTo(file, longest, path);
    }

    /// <summary>
    /// Replaces a file, or makes it: the content is written beside it and renamed over it, so that whoever reads it finds the old or
    /// the new one whole. A symbolic link at the path is itself replaced, never followed.
    /// </summary>
    /// <param name="path">The file; its directory must be there.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="mode">Permission bits; set-id bits are not given.</param>
    /// <param name="uid">Owner, a host id.</param>
    /// <param name="gid">Group, a host id.</param>
    /// <param name="durable">True to have the content on the disk before the old one goes (fsync(2)).</param>
    /// <exception cref="LinuxException">A directory or special file is at the path (EINVAL), or the kernel refused.</exception>
    public void ReplaceFile(string path, ReadOnlySpan<byte> content, int mode, uint uid, uint gid, bool durable)
    {
        if (TryLookAtItself(path) is { } there && there.Kind is not (FileKind.Regular or FileKind.SymbolicLink))
            throw NotRegular("replace", path);
        using var directory = OpenParent(path, out var name);
        // Always the same name, so that a writer that was killed leaves at most one behind, for the next to take away.
        var temporary = $".{name}.insula";
        IgnoreMissing(Kernel.CallWithPath(Syscall.Unlinkat, directory.Number, temporary), "remove", path);
        try
        {
            using (var file = CreateFile(directory, temporary, path))
            {
                Files.WriteAll(file, content, Display(path));
                Kernel.Check(Kernel.Call(Syscall.Fchown, file.Number, (nint)uid, (nint)gid), "change the owner of", Display(path));
                Kernel.Check(Kernel.Call(Syscall.Fchmod, file.Number, mode & Permissions), "change the mode of", Display(path));
                if (durable)
                    Kernel.Check(Kernel.Call(Syscall.FSync, file.Number), "flush", Display(path));
            }
            Rename(directory, temporary, name, path);
        }
        catch (LinuxException)
        {
            // The first error is the one to tell; what is left is taken away by the next writer.
            _ = Kernel.CallWithPath(Syscall.Unlinkat, directory.Number, temporary);
            throw;
        }
    }

    /// <summary>Has a symbolic link at a path, in one step for whoever looks; the target is text and never looked at.</summary>
    /// <param name="path">Where; its directory must be there.</param>
    /// <param name="target">What it says.</param>
    /// <param name="uid">Owner, a host id.</param>
    /// <param name="gid">Group, a host id.</param>
    /// <exception cref="LinuxException">A directory or special file is at the path (EINVAL), or the kernel refused.</exception>
    public unsafe void ReplaceLink(string path, string target, uint uid, uint gid)
    {
        if (TryLookAtItself(path) is { } there && there.Kind is not (FileKind.Regular or FileKind.SymbolicLink))
            throw NotRegular("replace", path);
        using var directory = OpenParent(path, out var name);
        var temporary = $".{name}.insula";
        IgnoreMissing(Kernel.CallWithPath(Syscall.Unlinkat, directory.Number, temporary), "remove", path);
        using var from = new Utf8Text(target);
        using var to = new Utf8Text(temporary);
        Kernel.Check(Kernel.Call(Syscall.Symlinkat, (nint)from.Pointer, directory.Number, (nint)to.Pointer), "make the link", Display(path));
        const int noFollow = 0x100; // AT_SYMLINK_NOFOLLOW
        Kernel.Check(
            Kernel.Call(Syscall.Fchownat, directory.Number, (nint)to.Pointer, (nint)uid, (nint)gid, noFollow), "change the owner of", Display(path));
        Rename(directory, temporary, name, path);
    }

    /// <summary>Makes a directory with this owner and mode. False if something of that name is there, which is left as it is.</summary>
    public bool MakeDirectory(string path, int mode, uint uid, uint gid)
    {
        using var parent = OpenParent(path, out var name);
        var made = Kernel.CallWithPath(Syscall.MkDirAt, parent.Number, name, 0x1C0); // 0700
        if (Kernel.ErrnoOf(made) == Errno.EEXIST)
            return false;
        Kernel.Check(made, "create directory", Display(path));
        using var directory = new FileDescriptor((int)Kernel.Check(
            Files.TryOpenAt(parent.Number, name, OpenFlags.Directory | OpenFlags.NoFollow), "open directory", Display(path)));
        Kernel.Check(Kernel.Call(Syscall.Fchown, directory.Number, (nint)uid, (nint)gid), "change the owner of", Display(path));
        Kernel.Check(Kernel.Call(Syscall.Fchmod, directory.Number, mode & Permissions), "change the mode of", Display(path));
        return true;
    }

    /// <summary>Removes a file or symbolic link; nothing happens if there is none.</summary>
    /// <returns>True if something was removed.</returns>
    public bool RemoveFile(string path)
    {
        if (TryLookAtItself(path) == null)
            return false;
        using var directory = OpenParent(path, out var name);
        return IgnoreMissing(Kernel.CallWithPath(Syscall.Unlinkat, directory.Number, name), "remove", path);
    }

    /// <summary>The names in a directory, in no order; none if it is not there.</summary>
    public IReadOnlyList<string> ListNames(string path)
    {
        using var directory = TryOpenGuarded(path, OpenFlags.Directory);
        return directory == null ? [] : DirectoryReader.Read(directory, Display(path)).ConvertAll(entry => entry.DisplayName);
    }

    private FileStatus? TryStatus(string path, OpenFlags flags)
    {
        using var file = TryOpenGuarded(path, flags);
        return file == null ? null : FileStatus.Of(file, Display(path));
    }

    // Null where the path leads to nothing that is the tree's: missing, a dangling or circular link, another mount, a socket or a device
    // without a driver.
    private FileDescriptor? TryOpenGuarded(string path, OpenFlags flags)
    {
        var result = Files.TryOpenAt2(_root.Number, path, WithoutTerminal(flags), Guarded);
        return Kernel.ErrnoOf(result) is Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP or Errno.EXDEV or Errno.ENXIO
            ? null
            : new FileDescriptor((int)Kernel.Check(result, "open", Display(path)));
    }

    private FileDescriptor OpenParent(string path, out string name)
    {
        var trimmed = path.Trim('/');
        var slash = trimmed.LastIndexOf('/');
        name = trimmed[(slash + 1)..];
        if (name is "" or "." or "..")
            throw new ArgumentException($"{path} names no file", nameof(path));
        var parent = slash < 0 ? "." : trimmed[..slash];
        var result = Files.TryOpenAt2(_root.Number, parent, OpenFlags.Path | OpenFlags.Directory, Guarded);
        return new FileDescriptor((int)Kernel.Check(result, "open directory", Display(parent)));
    }

    private FileDescriptor CreateFile(FileDescriptor directory, string name, string path)
    {
        const int ownerOnly = 0x180; // 0600
        return new FileDescriptor((int)Kernel.Check(
            Files.TryOpenAt(directory.Number, name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, ownerOnly),
            "create", Display(path)));
    }

    private unsafe void Rename(FileDescriptor directory, string from, string to, string path)
    {
        using var source = new Utf8Text(from);
        using var target = new Utf8Text(to);
        Kernel.Check(
            Kernel.Call(Syscall.Renameat2, directory.Number, (nint)source.Pointer, directory.Number, (nint)target.Pointer),
            "replace", Display(path));
    }

    private byte[] ReadUpTo(FileDescriptor file, int longest, string path)
    {
        var content = new MemoryStream();
        Span<byte> buffer = stackalloc byte[4096];
        while (true)
        {
            var got = (int)Kernel.Check(Files.TryRead(file, buffer), "read", Display(path));
            if (got == 0)
                return content.ToArray();
            if (content.Length + got > longest)
                throw new LinuxException("read", Display(path), Errno.EFBIG, $"more than {longest} bytes are not expected there");
            content.Write(buffer[..got]);
        }
    }

    private bool IgnoreMissing(long result, string action, string path)
    {
        if (Kernel.ErrnoOf(result) == Errno.ENOENT)
            return false;
        Kernel.Check(result, action, Display(path));
        return true;
    }

    private LinuxException NotRegular(string action, string path)
        => new(action, Display(path), Errno.EINVAL, "it is not a regular file");
}
