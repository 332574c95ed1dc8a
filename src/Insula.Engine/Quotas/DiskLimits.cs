using Insula.Engine.Configuration;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Quotas;

/// <summary>What a container may use of its disk. 0 is no limit.</summary>
/// <param name="SoftKiB">Space that may be exceeded for the grace time, in blocks of 1024 bytes.</param>
/// <param name="HardKiB">Space that is never exceeded.</param>
/// <param name="SoftInodes">The same of files and directories.</param>
/// <param name="HardInodes">The same.</param>
/// <param name="SpaceGrace">How long space may be above its soft limit, in seconds; 0: not at all.</param>
/// <param name="InodeGrace">How long inodes may.</param>
public readonly record struct DiskLimits(long SoftKiB, long HardKiB, long SoftInodes, long HardInodes, long SpaceGrace, long InodeGrace)
{
    /// <summary>The grace time of a container without QUOTATIME: three days.</summary>
    public const long DefaultGrace = 259200;

    /// <summary>No limits.</summary>
    public static DiskLimits None => new(0, 0, 0, 0, DefaultGrace, DefaultGrace);

    /// <summary>What a configuration asks for, whether quotas are switched on in it or not.</summary>
    public static DiskLimits Of(ContainerConfig config)
    {
        var space = config.TryGet(DiskParameters.DiskSpace, out var kib) ? kib : default;
        var inodes = config.TryGet(DiskParameters.DiskInodes, out var count) ? count : default;
        var grace = config.Get(DiskParameters.QuotaTime, DefaultGrace);
        return new DiskLimits(Finite(space.Barrier), Finite(space.Limit), Finite(inodes.Barrier), Finite(inodes.Limit), grace, grace);
    }

    /// <summary>True if there is any.</summary>
    public bool Any => SoftKiB != 0 || HardKiB != 0 || SoftInodes != 0 || HardInodes != 0;

    /// <summary>True if there is a soft limit below the hard one, which may be exceeded for a time.</summary>
    public bool NeedsGrace => SpaceGrace != 0 && IsBelow(SoftKiB, HardKiB) || InodeGrace != 0 && IsBelow(SoftInodes, HardInodes);

    /// <summary>The same with hard limits where a soft limit may not be exceeded at all.</summary>
    public DiskLimits WithoutGraceOfNothing() => this with
    {
        HardKiB = SpaceGrace == 0 && SoftKiB != 0 ? SoftKiB : HardKiB,
        HardInodes = InodeGrace == 0 && SoftInodes != 0 ? SoftInodes : HardInodes,
    };

    private static bool IsBelow(long soft, long hard) => soft != 0 && (hard == 0 || soft < hard);

    private static long Finite(long value) => value == BarrierLimit.Unlimited ? 0 : value;
}
