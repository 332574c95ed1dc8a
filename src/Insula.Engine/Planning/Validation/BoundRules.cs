using Insula.Engine.Parameters;
using static Insula.Engine.Planning.Validation.ConsistencyRule;

namespace Insula.Engine.Planning.Validation;

/// <summary>The forms that rules have.</summary>
internal static class BoundRules
{
    private const long Unlimited = BarrierLimit.Unlimited;

    /// <summary>Both bounds are one number; made right by the larger.</summary>
    public static ConsistencyRule Equal(ParameterDeclaration<BarrierLimit> parameter) => Of(parameter, FindingSeverity.Error, value =>
        value.Barrier == value.Limit
            ? null
            : ("barrier should be equal to limit", new BarrierLimit(Math.Max(value.Barrier, value.Limit))));

    /// <summary>The barrier is not above the limit; made right by raising the limit.</summary>
    public static ConsistencyRule Ordered(ParameterDeclaration<BarrierLimit> parameter) => Of(parameter, FindingSeverity.Error, value =>
        value.Barrier <= value.Limit
            ? null
            : ("barrier should be less than or equal to limit", new BarrierLimit(value.Barrier)));

    /// <summary>The limit has no meaning and must say so.</summary>
    public static ConsistencyRule LimitIsUnlimited(ParameterDeclaration<BarrierLimit> parameter) => Of(parameter, FindingSeverity.Error, value =>
        value.Limit == Unlimited ? null : ("limit should be unlimited", value with { Limit = Unlimited }));

    /// <summary>The barrier has no meaning and must be 0.</summary>
    public static ConsistencyRule BarrierIsZero(ParameterDeclaration<BarrierLimit> parameter) => Of(parameter, FindingSeverity.Error, value =>
        value.Barrier == 0 ? null : ("barrier should be 0", value with { Barrier = 0 }));

    /// <summary>The barrier is at least a number of bytes; made right by raising both bounds.</summary>
    public static ConsistencyRule BarrierAtLeast(ParameterDeclaration<BarrierLimit> parameter, long bytes, FindingSeverity severity)
        => Of(parameter, severity, value =>
            value.Barrier >= bytes ? null : ($"barrier should be at least {bytes / 1024} KiB", Amount.Raise(value, bytes)));

    /// <summary>The limit does not promise more than the host has. The file may be right for another host, so nothing is repaired.</summary>
    public static ConsistencyRule LimitWithinHost(ParameterDeclaration<BarrierLimit> parameter, long pages, string what)
        => new(FindingSeverity.Warning, [parameter], bounds => bounds[parameter].Limit <= pages
            ? null
            : ($"limit should not be above the host's {what}, {pages} pages, for {NameOf(parameter)} (currently, {Amount.Text(bounds[parameter])})", null));

    /// <summary>A barrier, or limit, is at least what others ask for.</summary>
    /// <param name="parameter">Whose.</param>
    /// <param name="severity">How bad it is if it is not.</param>
    /// <param name="side">"bar" or "lim".</param>
    /// <param name="formula">What it is compared with, for the message.</param>
    /// <param name="others">What the formula is made of.</param>
    /// <param name="least">The formula.</param>
    /// <param name="repaired">The bounds that are right, from those that are and the least value.</param>
    public static ConsistencyRule AtLeast(
        ParameterDeclaration<BarrierLimit> parameter,
        FindingSeverity severity,
        string side,
        string formula,
        IReadOnlyList<ParameterDeclaration<BarrierLimit>> others,
        Func<BoundsInHand, long> least,
        Func<BarrierLimit, long, BarrierLimit> repaired)
        => new(severity, [parameter, .. others], bounds =>
        {
            var value = bounds[parameter];
            var needed = least(bounds);
            if ((side == "bar" ? value.Barrier : value.Limit) >= needed)
                return null;
            var name = NameOf(parameter);
            return ($"{name}.{side} should be at least {formula} = {Amount.Text(needed)} (currently, {Amount.Text(value)})", new Repair(parameter, repaired(value, needed)));
        });

    /// <summary>Between barrier and limit there is room for every socket's reserve; made right by raising the limit.</summary>
    public static ConsistencyRule GapForSockets(
        ParameterDeclaration<BarrierLimit> parameter, ParameterDeclaration<BarrierLimit> sockets, FindingSeverity severity)
        => new(severity, [parameter, sockets], bounds =>
        {
            const long ReservePerSocket = 2560; // 2.5 KiB, what a socket may buffer whatever the others do
            var value = bounds[parameter];
            var gap = Amount.Product(bounds[sockets].Barrier, ReservePerSocket);
            if (Amount.HasGap(value, gap))
                return null;
            var (name, count) = (NameOf(parameter), NameOf(sockets));
            return (
                $"{name}.lim - {name}.bar should be at least 2.5 KiB * {count} = {Amount.Text(gap)} (currently, {Amount.Text(value)})",
                new Repair(parameter, value with { Limit = Amount.Sum(value.Barrier, gap) }));
        });

    private static ConsistencyRule Of(
        ParameterDeclaration<BarrierLimit> parameter, FindingSeverity severity, Func<BarrierLimit, (string Text, BarrierLimit Right)?> check)
        => new(severity, [parameter], bounds => check(bounds[parameter]) is var (text, right)
            ? ($"{text} for {NameOf(parameter)} (currently, {Amount.Text(bounds[parameter])})", new Repair(parameter, right))
            : null);
}
