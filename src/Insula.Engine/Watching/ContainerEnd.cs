using Insula.Linux.Processes;

namespace Insula.Engine.Watching;

/// <summary>How a container ended.</summary>
/// <param name="Kind">What ended it.</param>
/// <param name="Signal">For a crash: the signal; 0 for none.</param>
/// <param name="Code">For a crash without a signal: the exit code.</param>
public readonly record struct ContainerEnd(EndKind Kind, int Signal, int Code)
{
    private const int SIGHUP = 1, SIGINT = 2;

    private static readonly string[] Names =
    [
        "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT",
        "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ];

    /// <summary>
    /// What the status of its first process says (reboot(2), "Behavior inside PID namespaces"). Nobody can end that process by SIGHUP or SIGINT
    /// otherwise: signals that it does not handle do not reach it.
    /// </summary>
    /// <param name="status">Null: not known.</param>
    public static ContainerEnd Of(ExitStatus? status) => status is not { } known
        ? new(EndKind.Unknown, 0, 0)
        : known switch
        {
            { Signal: SIGHUP } => new(EndKind.Reboot, 0, 0),
            { Signal: SIGINT } => new(EndKind.PowerOff, 0, 0),
            { Signal: 0, Code: 0 } => new(EndKind.Exit, 0, 0),
            { Signal: 0 } => new(EndKind.Crash, 0, known.Code),
            _ => new(EndKind.Crash, known.Signal, 0),
        };

    /// <summary>For people and events: <c>signal 11 (SEGV)</c>, <c>exit code 3</c>; empty where the kind says all.</summary>
    public string Detail => this switch
    {
        { Kind: EndKind.Crash, Signal: 0 } => $"exit code {Code}",
        { Kind: EndKind.Crash } => Signal < Names.Length ? $"signal {Signal} ({Names[Signal]})" : $"signal {Signal}",
        _ => "",
    };

    /// <summary>The kind of event that tells of it.</summary>
    public EventKind Event => Kind switch
    {
        EndKind.Exit => EventKind.Exit,
        EndKind.PowerOff => EventKind.PowerOff,
        EndKind.Reboot => EventKind.Reboot,
        EndKind.Crash => EventKind.Crash,
        _ => EventKind.Ended,
    };
}
