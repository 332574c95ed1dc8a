using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>
/// Sees to it that a daemon which nobody needs any more does not end between the moment when a start mounts its files and the moment when the
/// container counts as running. Starts hold it together, the daemon that ends alone, until it is gone.
/// </summary>
internal static class StartGuard
{
    private const int LOCK_SH = 1, LOCK_EX = 2, LOCK_NB = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15), Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>For a start: waits until a daemon that is just ending has ended.</summary>
    /// <exception cref="InsulaException">9: it does not end.</exception>
    public static FileDescriptor Share(DaemonFiles files)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(files.StartsFile)!);
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            if (TryTake(files.StartsFile, LOCK_SH) is { } held)
                return held;
            if (Environment.TickCount64 > deadline)
                throw new InsulaException(ExitCode.Locked, $"insulad is ending and does not end: {files.StartsFile} stays locked");
            Thread.Sleep(Pause);
        }
    }

    /// <summary>For the daemon: null while a start is under way.</summary>
    public static FileDescriptor? TryTakeAlone(DaemonFiles files) => TryTake(files.StartsFile, LOCK_EX);

    /// <summary>True if some process holds a lock on a file; false if there is no such file.</summary>
    public static bool IsLocked(string path)
    {
        if (!File.Exists(path))
            return false;
        using var held = TryTake(path, LOCK_EX);
        return held is null;
    }

    private static FileDescriptor? TryTake(string path, int how)
    {
        const int mode = 0x180; // 0600
        var file = Files.Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow, mode);
        var result = Kernel.Call(Syscall.FLock, file.Number, how | LOCK_NB);
        if (result == 0)
            return file;
        file.Dispose();
        if (Kernel.ErrnoOf(result) != Errno.EAGAIN)
            Kernel.Check(result, "lock", path);
        return null;
    }
}
