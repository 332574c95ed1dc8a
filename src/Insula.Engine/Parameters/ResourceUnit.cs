namespace Insula.Engine.Parameters;

/// <summary>The native unit of a resource: what a number without suffix means.</summary>
public enum ResourceUnit
{
    /// <summary>Things that are counted; no suffix is accepted.</summary>
    Items,

    /// <summary>Pages of 4096 bytes.</summary>
    Pages,

    /// <summary>Bytes.</summary>
    Bytes,

    /// <summary>Blocks of 1024 bytes.</summary>
    KiB,
}
