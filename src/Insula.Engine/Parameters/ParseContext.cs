namespace Insula.Engine.Parameters;

/// <summary>What the meaning of a value depends on besides its text.</summary>
public sealed class ParseContext
{
    /// <summary>No notes, this machine's CPUs.</summary>
    public static ParseContext Default { get; } = new();

    /// <summary>CPUs of the host, for <c>--cpulimit 50%</c>.</summary>
    public int HostCpus { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the user is told that a value was understood but changed ("cut to ..."). Null: nowhere.</summary>
    public Action<string>? Note { get; init; }
}
