using System.Globalization;
using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Containers;

/// <summary>
/// An exclusive flock(2) on a file that says who holds it: <c>pid\nwhat it does\n</c>, the format of the old tools. The kernel
/// drops the lock with its holder, so nothing stale is ever left; the file itself stays, since removing it would let two
/// processes lock two files of one name.
/// </summary>
internal sealed class FileLock : IDisposable
{
    private const int LOCK_EX = 2;
    private const int LOCK_NB = 4;
    private const int LOCK_UN = 8;
    private const int FileMode = 0x1A4; // 0644

    private readonly FileDescriptor _file;

    private FileLock(FileDescriptor file) => _file = file;

    /// <summary>Takes the lock if it is free.</summary>
    /// <param name="path">The lock file; made if missing.</param>
    /// <param name="activity">What it is taken for: "starting".</param>
    /// <returns>Null when another process, or another part of this one, holds it.</returns>
    /// <exception cref="LinuxException">The file cannot be opened or locked.</exception>
    public static FileLock? TryTake(string path, string activity)
    {
        while (true)
        {
            var file = Files.Open(path, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow, FileMode);
            var result = Kernel.Call(Syscall.FLock, file.Number, LOCK_EX | LOCK_NB);
            if (result == 0 && IsStillAt(file))
            {
                var taken = new FileLock(file);
                taken.Write(path, activity);
                return taken;
            }
            file.Dispose();
            if (Kernel.ErrnoOf(result) == Errno.EAGAIN)
                return null;
            // Success on a file that an administrator or boot script has removed meanwhile: take the one that is there now.
            Kernel.Check(result, "lock", path);
        }
    }

    /// <summary>Who holds a lock according to its file: empty, or "process 123, starting".</summary>
    public static string DescribeHolder(string path)
    {
        try
        {
            using var file = Files.Open(path, OpenFlags.ReadOnly);
            Span<byte> text = stackalloc byte[128];
            var length = (int)Kernel.Check(Files.TryRead(file, text), "read", path);
            var lines = Encoding.UTF8.GetString(text[..length]).Split('\n');
            var known = lines.Length > 1 && int.TryParse(lines[0], NumberStyles.None, CultureInfo.InvariantCulture, out _);
            return known ? $"process {lines[0]}, {lines[1]}" : "";
        }
        catch (LinuxException)
        {
            return ""; // gone since; the name of the holder is a courtesy
        }
    }

    /// <summary>Empties the file, so that the old tools do not take our pid for a holder, and lets go.</summary>
    public void Dispose()
    {
        if (_file.IsClosed)
            return;
        Kernel.Call(Syscall.Ftruncate, _file.Number, 0);
        // A child that another thread has just made has the descriptor too until it executes something; the lock must not wait for it.
        Kernel.Call(Syscall.FLock, _file.Number, LOCK_UN);
        _file.Dispose();
    }

    // readlink of /proc/self/fd/N ends in " (deleted)" once the file has no name: proc_pid_fd(5).
    private static bool IsStillAt(FileDescriptor file)
        => new FileInfo(file.ProcPath).LinkTarget is { } target && !target.EndsWith(" (deleted)", StringComparison.Ordinal);

    private void Write(string path, string activity)
    {
        Kernel.Check(Kernel.Call(Syscall.Ftruncate, _file.Number, 0), "empty", path);
        Files.WriteAll(_file, Encoding.UTF8.GetBytes($"{Environment.ProcessId}\n{activity}\n"), path);
    }
}
