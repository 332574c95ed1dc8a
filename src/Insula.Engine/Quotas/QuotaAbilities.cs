namespace Insula.Engine.Quotas;

/// <summary>What a mechanism enforces.</summary>
[Flags]
public enum QuotaAbilities
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The hard limit of space.</summary>
    Space = 1,

    /// <summary>The hard limit of inodes, which may be changed.</summary>
    Inodes = 2,

    /// <summary>Soft limits, with a grace time.</summary>
    SoftLimits = 4,

    /// <summary>Limits of single users and groups inside.</summary>
    Users = 8,
}
