namespace Insula.Linux.Quotas;

/// <summary>Who may make a call of quotactl(2).</summary>
public enum QuotaRight
{
    /// <summary>Everybody.</summary>
    Anyone,

    /// <summary>A user about himself and his groups, root about all.</summary>
    Own,

    /// <summary>Root: CAP_SYS_ADMIN.</summary>
    Root,

    /// <summary>Nobody: it would act on files of the host, or switch off what the host has switched on.</summary>
    Nobody,
}
