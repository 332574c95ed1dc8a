using Insula.Engine.Network.Firewall;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>ACL: rules divided by semicolons; see <see cref="AclRule"/>.</summary>
public sealed class AclRulesKind : ValueKind<IReadOnlyList<AclRule>>
{
    private const int MostRules = 512;

    /// <inheritdoc/>
    public override string Accepts => $"{AclRule.Accepts}; several are divided by semicolons";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<AclRule> value)
    {
        var list = new List<AclRule>();
        value = list;
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (AclRule.TryParse(part, out var rule) is { } why)
                return why;
            list.Add(rule);
        }
        return list.Count > MostRules ? $"more than {MostRules} rules" : null;
    }

    /// <inheritdoc/>
    public override string Format(IReadOnlyList<AclRule> value) => string.Join("; ", value);

    /// <inheritdoc/>
    public override IReadOnlyList<AclRule> Merge(IReadOnlyList<AclRule> old, IReadOnlyList<AclRule> added)
    {
        var all = old.ToList();
        foreach (var rule in added)
            all.Insert(Math.Min((rule.Position ?? int.MaxValue) - 1, all.Count), rule with { Position = null });
        return all;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<AclRule> Remove(IReadOnlyList<AclRule> old, IReadOnlyList<AclRule> removed)
        => removed.Any(gone => gone.Position == 0) ? [] : [.. old.Where((_, index) => !removed.Any(gone => gone.Position == index + 1))];
}
