using System.Globalization;
using Insula.Engine.Parameters;

namespace Insula.Engine.Planning.Validation;

/// <summary>Sums and products of bounds. LONG_MAX is no number but "unlimited", and what would be larger is that too.</summary>
internal static class Amount
{
    private const long Unlimited = BarrierLimit.Unlimited;

    public static long Sum(long one, long other) => Cut((Int128)one + other, one, other);

    public static long Product(long one, long factor) => Cut((Int128)one * factor, one, factor);

    /// <summary>The same bounds further up, so that the barrier is <paramref name="barrier"/> and the gap stays.</summary>
    public static BarrierLimit Raise(BarrierLimit bounds, long barrier)
        => barrier == Unlimited ? new BarrierLimit(Unlimited) : new BarrierLimit(barrier, Sum(bounds.Limit, barrier - bounds.Barrier));

    /// <summary>True if the gap between barrier and limit is at least that. There is no end to the gap below an unlimited limit.</summary>
    public static bool HasGap(BarrierLimit bounds, long gap) => bounds.Limit >= Sum(bounds.Barrier, gap);

    public static string Text(long value) => value == Unlimited ? "unlimited" : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Both numbers, also when they are equal: 10:10.</summary>
    public static string Text(BarrierLimit bounds) => $"{Text(bounds.Barrier)}:{Text(bounds.Limit)}";

    private static long Cut(Int128 exact, long one, long other)
        => one == Unlimited || other == Unlimited || exact > Unlimited ? Unlimited : (long)exact;
}
