namespace Insula.Engine.Parameters;

/// <summary>What the meaning of a value depends on besides its text.</summary>
public sealed class ParseContext
{
    /// <summary>No notes, this machine's CPUs.</summary>
    public static ParseContext Default { get; } = new();

    /// <summary>CPUs of the host, for <c>--cpulimit 50%</c>.</summary>
    public int HostCpus { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// True for a value that somebody asks for now. One that stands in a configuration file is taken although its soft limit is above its hard
    /// one, as OpenVZ does; vzcfgvalidate tells of it.
    /// </summary>
    public bool IsAskedFor { get; init; }

    /// <summary>Where the user is told that a value was understood but changed ("cut to ..."). Null: nowhere.</summary>
    public Action<string>? Note { get; init; }
}
