namespace Insula.Engine.Beancounters;

/// <summary>What a beancounter counts in.</summary>
public enum BeancounterUnit
{
    /// <summary>Processes, sockets, files.</summary>
    Items,

    /// <summary>Pages of the machine, 4 KiB on x86-64.</summary>
    Pages,

    /// <summary>Bytes.</summary>
    Bytes,
}
