using System.Globalization;

namespace Insula.Engine.Parameters;

/// <summary>The two bounds of a beancounter (or soft and hard bound of a quota), in the parameter's native unit.</summary>
/// <param name="Barrier">The barrier, or soft limit.</param>
/// <param name="Limit">The limit, or hard limit.</param>
public readonly record struct BarrierLimit(long Barrier, long Limit)
{
    /// <summary>LONG_MAX stands for "unlimited", in files too.</summary>
    public const long Unlimited = long.MaxValue;

    /// <summary>One value for both.</summary>
    public BarrierLimit(long both)
        : this(both, both)
    {
    }

    /// <summary>As a person reads it: one number when both are equal, "unlimited" for LONG_MAX.</summary>
    public override string ToString() => Barrier == Limit ? Text(Limit) : $"{Text(Barrier)}:{Text(Limit)}";

    private static string Text(long value) => value == Unlimited ? "unlimited" : value.ToString(CultureInfo.InvariantCulture);
}
