namespace Insula.Linux.Processes;

/// <summary>How a process ended: with a code, or by a signal.</summary>
/// <param name="Code">The exit code, or the number of the signal that ended it.</param>
/// <param name="BySignal">True when a signal ended it.</param>
public readonly record struct WaitStatus(int Code, bool BySignal)
{
    /// <summary>The number a shell would give: the exit code, or 128 plus the signal.</summary>
    public int ShellCode => BySignal ? 128 + Code : Code;
}
