namespace Insula.Engine.Quotas;

/// <summary>Whose quota inside a container; the numbers are those of vzdqdump.</summary>
public enum QuotaHolder
{
    /// <summary>A user's.</summary>
    User = 0,

    /// <summary>A group's.</summary>
    Group = 1,
}
