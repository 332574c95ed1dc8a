using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Configuration;

/// <summary>
/// Replaces a file so that at any instant, also after a power cut or a kill, its name leads to the whole old or the whole new
/// content: write NAME.tmp beside it, fsync, rename, fsync the directory. A symbolic link stays one; what it points to is replaced.
/// Writers of one file exclude each other by a lock of their own.
/// </summary>
internal static class AtomicFile
{
    private const int PermissionBits = 0x1FF; // 0777
    private const int DefaultMode = 0x1A4; // 0644

    /// <summary>Replaces <paramref name="path"/> by <paramref name="bytes"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Its new content.</param>
    /// <param name="durable">False for what may be lost or empty after a power cut: nothing waits for the disk.</param>
    /// <exception cref="InsulaException">It could not be written (139, no permission 12); the old file is as it was.</exception>
    public static void Replace(string path, byte[] bytes, bool durable = true)
        => Replace(path, (file, name) => Files.WriteAll(file, bytes, name), durable);

    /// <summary>Replaces <paramref name="path"/> by what <paramref name="write"/> writes.</summary>
    internal static void Replace(string path, Action<FileDescriptor, string> write, bool durable = true)
    {
        try
        {
            var target = ResolveLinks(path, out var mode);
            var temporary = target + ".tmp";
            WriteTemporary(temporary, mode, write, durable);
            Rename(temporary, target);
            if (durable)
                SyncDirectory(Path.GetDirectoryName(target)!);
        }
        catch (LinuxException error)
        {
            var code = error.Errno is Errno.EACCES or Errno.EPERM ? ExitCode.NoPermission : ExitCode.SaveConfig;
            var hint = error.Errno is Errno.ENOSPC or Errno.EDQUOT ? "Free some disk space; the old file is unchanged" : null;
            throw new InsulaException(code, $"Cannot save {path}: {error.Message}", hint, error);
        }
    }

    private static string ResolveLinks(string path, out int mode)
    {
        var found = FileStatus.TryGet(path, out var status) == 0;
        if (!found || status.Kind != FileKind.SymbolicLink)
        {
            mode = found ? status.Mode & PermissionBits : DefaultMode;
            return Path.GetFullPath(path);
        }
        var target = FollowLinks(path);
        mode = FileStatus.TryGet(target, out status) == 0 ? status.Mode & PermissionBits : DefaultMode;
        return target;
    }

    private static string FollowLinks(string path)
    {
        try
        {
            return File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        }
        catch (FileNotFoundException)
        {
            return Path.GetFullPath(path);
        }
        catch (IOException error)
        {
            throw new InsulaException(ExitCode.SaveConfig, $"Cannot save {path}: {error.Message}", cause: error);
        }
    }

    private static void WriteTemporary(string path, int mode, Action<FileDescriptor, string> write, bool durable)
    {
        // A temporary file that a killed command left is written over; NoFollow, so that a link in its place is not.
        const OpenFlags Flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate | OpenFlags.NoFollow;
        using var file = Files.Open(path, Flags, mode);
        try
        {
            // The umask took bits from the mode given to open.
            Kernel.Check(Kernel.Call(Syscall.Fchmod, file.Number, mode), "set the mode of", path);
            write(file, path);
            if (durable)
                Kernel.Check(Kernel.Call(Syscall.FSync, file.Number), "write", path);
        }
        catch (LinuxException)
        {
            File.Delete(path);
            throw;
        }
    }

    private static void Rename(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(from);
            throw new InsulaException(ExitCode.SaveConfig, $"Cannot save {to}: {error.Message}", cause: error);
        }
    }

    private static void SyncDirectory(string path)
    {
        using var directory = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        Kernel.Check(Kernel.Call(Syscall.FSync, directory.Number), "write directory", path);
    }
}
