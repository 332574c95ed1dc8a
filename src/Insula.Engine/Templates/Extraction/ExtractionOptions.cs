namespace Insula.Engine.Templates.Extraction;

/// <summary>What an archive may be at most. The defaults are far above any real distribution.</summary>
public sealed record ExtractionLimits
{
    /// <summary>Most entries.</summary>
    public long MaxEntries { get; init; } = 2_000_000;

    /// <summary>Most bytes of all files together, not counting holes.</summary>
    public long MaxBytes { get; init; } = 64L << 30;

    /// <summary>Largest size of a file, holes included. Old systems have a lastlog of some hundred GB with nothing in it.</summary>
    public long MaxFileSize { get; init; } = 1L << 40;

    /// <summary>Most directories above an entry.</summary>
    public int MaxDepth { get; init; } = 128;

    /// <summary>Bytes of disk space that unpacking leaves free.</summary>
    public long ReservedBytes { get; init; } = 256L << 20;
}

/// <summary>How an archive is unpacked.</summary>
public sealed record ExtractionOptions
{
    /// <summary>What is refused as too much.</summary>
    public ExtractionLimits Limits { get; init; } = new();

    /// <summary>
    /// Set owners and privileged extended attributes; needs root. Without it everything belongs to the caller, which is for
    /// looking at an archive, not for containers.
    /// </summary>
    public bool KeepOwners { get; init; } = true;

    /// <summary>Free bytes on the file system that is unpacked to; asked now and then while writing.</summary>
    public Func<long>? FreeSpace { get; init; }
}

/// <summary>What was unpacked, and what was left out.</summary>
public sealed record ExtractionSummary
{
    /// <summary>Entries of the archive.</summary>
    public long Entries { get; set; }

    /// <summary>Bytes of file data written, holes not counted.</summary>
    public long Bytes { get; set; }

    /// <summary>Device nodes and the like that were left out: a container's /dev is private.</summary>
    public long SkippedDevices { get; set; }

    /// <summary>Extended attributes that were left out: trusted.*, other security.* and what the file system cannot hold.</summary>
    public long SkippedAttributes { get; set; }

    /// <summary>Entries whose owner or group was outside 0 to 65535 and is now 65534 (nobody), as a container would see it.</summary>
    public long RemappedOwners { get; set; }
}
