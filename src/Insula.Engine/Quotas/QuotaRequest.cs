namespace Insula.Engine.Quotas;

/// <summary>What `vzquota init`, `on` and `setlimit` were given; null: not given.</summary>
public sealed record QuotaRequest
{
    /// <summary>-b: soft limit of space, in blocks of 1024 bytes.</summary>
    public long? SoftKiB { get; init; }

    /// <summary>-B: hard limit of space.</summary>
    public long? HardKiB { get; init; }

    /// <summary>-i: soft limit of inodes.</summary>
    public long? SoftInodes { get; init; }

    /// <summary>-I: hard limit of inodes.</summary>
    public long? HardInodes { get; init; }

    /// <summary>-e: grace time of space, in seconds.</summary>
    public long? SpaceGrace { get; init; }

    /// <summary>-n: grace time of inodes.</summary>
    public long? InodeGrace { get; init; }

    /// <summary>-p: the private area.</summary>
    public string? Path { get; init; }

    /// <summary>-s: whether users and groups have quotas.</summary>
    public bool? UserQuota { get; init; }

    /// <summary>-u: how many of them may.</summary>
    public long? UgidLimit { get; init; }

    /// <summary>-f.</summary>
    public bool Force { get; init; }

    /// <summary>True if a full set of limits is there, as init wants it.</summary>
    public bool HasAllLimits => SoftKiB != null && HardKiB != null && SoftInodes != null && HardInodes != null && SpaceGrace != null && InodeGrace != null;

    /// <summary>True if nothing is to change.</summary>
    public bool IsEmpty => this with { Force = false } == new QuotaRequest();

    /// <summary>Limits with what was given in place of what they were.</summary>
    public DiskLimits Over(DiskLimits old) => new(
        SoftKiB ?? old.SoftKiB, HardKiB ?? old.HardKiB, SoftInodes ?? old.SoftInodes, HardInodes ?? old.HardInodes, SpaceGrace ?? old.SpaceGrace,
        InodeGrace ?? old.InodeGrace);
}

/// <summary>A user or group inside a container, or all of them.</summary>
/// <param name="Kind">Users or groups.</param>
/// <param name="Id">Which one; null: all, for grace times.</param>
public readonly record struct QuotaSubject(QuotaHolder Kind, uint? Id);

/// <summary>What `vzquota stat` and `show` tell.</summary>
/// <param name="State">The first level.</param>
/// <param name="IsOn">Whether the quota runs.</param>
/// <param name="WantsUsers">Whether users and groups are to have quotas at the next start.</param>
/// <param name="HasUsers">Whether they have them now.</param>
/// <param name="UgidLimit">How many of them may.</param>
/// <param name="Grace">Grace times of users and of groups, if they have quotas.</param>
/// <param name="Users">The users and groups, if asked for.</param>
public sealed record QuotaReport(
    QuotaState State, bool IsOn, bool WantsUsers, bool HasUsers, long UgidLimit, IReadOnlyList<(QuotaHolder Kind, long Space, long Inodes)> Grace,
    IReadOnlyList<(QuotaHolder Kind, uint Id, QuotaState Quota)> Users);
