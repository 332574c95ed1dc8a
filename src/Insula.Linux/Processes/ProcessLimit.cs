namespace Insula.Linux.Processes;

/// <summary>The resource limits of getrlimit(2) that containers are given; numbers of asm-generic/resource.h.</summary>
public enum ProcessLimit
{
    /// <summary>RLIMIT_DATA: private writable memory of a process, in bytes.</summary>
    Data = 2,

    /// <summary>RLIMIT_NOFILE: one more than the highest descriptor of a process.</summary>
    OpenFiles = 7,

    /// <summary>RLIMIT_MEMLOCK: locked memory, in bytes, of a process; of a user namespace what SHM_LOCK locks.</summary>
    LockedMemory = 8,

    /// <summary>RLIMIT_SIGPENDING: queued signals of a user; of a user namespace all that are queued in it.</summary>
    QueuedSignals = 11,
}
