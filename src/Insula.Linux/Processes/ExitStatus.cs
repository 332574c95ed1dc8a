namespace Insula.Linux.Processes;

/// <summary>
/// A process's status as the kernel keeps it, and as wait(2) gives it. That of a pid namespace's first process tells of reboot(2) in the namespace:
/// the kernel ends it, and puts SIGHUP there for a restart, SIGINT for the rest.
/// </summary>
/// <param name="Raw">The kernel's number: the signal in the lower 7 bits, 0x80 for a core dump, or the exit code in the next 8.</param>
public readonly record struct ExitStatus(int Raw)
{
    /// <summary>The signal that ended it; 0 if it ended by itself.</summary>
    public int Signal => Raw & 0x7F;

    /// <summary>Its exit code, if no signal ended it.</summary>
    public int Code => Raw >> 8 & 0xFF;
}
