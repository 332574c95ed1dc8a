using Insula.Linux.Syscalls;

namespace Insula.Linux.FileTrees;

/// <summary>
/// A flock(2) on a file of its own, held until disposed; the kernel releases it when the process dies, however it dies.
/// The lock file is left in place unless <see cref="DeleteAndRelease"/> is called; whoever waits for a file that was
/// deleted meanwhile starts again with the new one.
/// </summary>
public sealed class LeaseLock : IDisposable
{
    private const int Shared = 1;       // LOCK_SH
    private const int Exclusive = 2;    // LOCK_EX
    private const int DoNotWait = 4;    // LOCK_NB

    private readonly FileDescriptor _file;
    private readonly string _path;

    private LeaseLock(FileDescriptor file, string path)
    {
        _file = file;
        _path = path;
    }

    /// <summary>Waits until nobody else holds the lock.</summary>
    public static LeaseLock TakeExclusive(string path) => Take(path, Exclusive)!;

    /// <summary>Waits until nobody holds it exclusively; several may hold it shared.</summary>
    public static LeaseLock TakeShared(string path) => Take(path, Shared)!;

    /// <summary>Takes it if it is free, else returns null at once.</summary>
    public static LeaseLock? TryTakeExclusive(string path) => Take(path, Exclusive | DoNotWait);

    /// <summary>Waits until nobody else holds the lock of a directory, which is there for another reason and stays.</summary>
    /// <exception cref="LinuxException">There is no such directory.</exception>
    public static LeaseLock TakeDirectory(string path)
    {
        var directory = new LeaseLock(Files.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory), path);
        Kernel.Check(Kernel.Call(Syscall.FLock, directory._file.Number, Exclusive), "lock", path);
        return directory;
    }

    /// <summary>What is locked.</summary>
    internal FileDescriptor File => _file;

    /// <summary>Turns an exclusive lock into a shared one. Not atomic (flock(2)): another may hold it exclusively in between.</summary>
    public void Share() => Kernel.Check(Kernel.Call(Syscall.FLock, _file.Number, Shared), "lock", _path);

    /// <summary>Removes the lock file while holding it exclusively, and lets go.</summary>
    public void DeleteAndRelease()
    {
        System.IO.File.Delete(_path);
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static LeaseLock? Take(string path, int operation)
    {
        while (true)
        {
            // 0600
            var file = Files.Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow, 0x180);
            var result = Kernel.Call(Syscall.FLock, file.Number, operation);
            if (result == -(long)Errno.EAGAIN)
            {
                file.Dispose();
                return null;
            }

            Kernel.Check(result, "lock", path);
            if (IsStillAt(file, path))
                return new LeaseLock(file, path);
            file.Dispose();
        }
    }

    private static bool IsStillAt(FileDescriptor file, string path)
    {
        var mine = FileStatus.Of(file, path);
        return FileStatus.TryGet(path, out var there) >= 0 && there.Inode == mine.Inode && there.Device == mine.Device;
    }
}
