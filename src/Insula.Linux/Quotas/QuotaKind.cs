namespace Insula.Linux.Quotas;

/// <summary>Whose quota (USRQUOTA, GRPQUOTA, PRJQUOTA of quotactl(2)).</summary>
public enum QuotaKind
{
    /// <summary>What a user owns.</summary>
    User = 0,

    /// <summary>What a group owns.</summary>
    Group = 1,

    /// <summary>What bears a project id.</summary>
    Project = 2,
}
