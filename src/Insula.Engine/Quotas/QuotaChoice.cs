namespace Insula.Engine.Quotas;

/// <summary>The mechanism for a container on this host.</summary>
/// <param name="Quota">It, or null where there is none.</param>
/// <param name="WhyNot">Why there is none; empty if there is one.</param>
public sealed record QuotaChoice(IDiskQuota? Quota, string WhyNot)
{
    /// <summary>A mechanism.</summary>
    public static QuotaChoice Of(IDiskQuota quota) => new(quota, "");

    /// <summary>None.</summary>
    public static QuotaChoice None(string whyNot) => new(null, whyNot);
}
