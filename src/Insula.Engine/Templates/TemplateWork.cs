using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Templates;

/// <summary>
/// A directory for what is not finished, TEMPLATE/cache/.work/PID-N, removed with all that is in it when disposed. What a killed
/// command left is recognised by its free lock and removed by the next that comes.
/// </summary>
internal sealed class TemplateWork : IDisposable
{
    private const string LockSuffix = ".lock";
    private static int _count;

    private readonly LeaseLock _lock;

    public TemplateWork(string cacheDirectory)
    {
        var parent = $"{cacheDirectory}/.work";
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(parent, ownerOnly);
        RemoveLeftovers(parent);
        Path = $"{parent}/{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";
        _lock = LeaseLock.TakeExclusive(Path + LockSuffix);
        TreeRemover.Remove(Path);
        Directory.CreateDirectory(Path, ownerOnly);
    }

    /// <summary>The directory, on the cache's file system: a file in it can be renamed into the cache.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        TreeRemover.Remove(Path);
        _lock.DeleteAndRelease();
    }

    private static void RemoveLeftovers(string parent)
    {
        foreach (var lockPath in Directory.EnumerateFiles(parent, $"*{LockSuffix}"))
        {
            if (LeaseLock.TryTakeExclusive(lockPath) is not { } stale)
                continue;
            try
            {
                TreeRemover.Remove(lockPath[..^LockSuffix.Length]);
                stale.DeleteAndRelease();
            }
            catch (LinuxException)
            {
                // A program that the killed command had started may still be writing there. It ends when it next has something
                // to say, and a later command removes the rest.
                stale.Dispose();
            }
        }
    }
}
