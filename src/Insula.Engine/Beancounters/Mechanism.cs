namespace Insula.Engine.Beancounters;

/// <summary>How much stands behind a barrier or limit.</summary>
public enum Mechanism
{
    /// <summary>Nothing on this host counts or bounds it.</summary>
    None,

    /// <summary>It is counted when somebody looks; nothing is refused.</summary>
    Sampled,

    /// <summary>A bound that each process, socket or file system meets by itself; their sum can be more.</summary>
    PerProcess,

    /// <summary>The kernel refuses at the barrier or limit for the whole container.</summary>
    Exact,
}
