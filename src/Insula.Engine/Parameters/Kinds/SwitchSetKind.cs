namespace Insula.Engine.Parameters.Kinds;

/// <summary><c>name:on|off[,…]</c>, in files also separated by blanks: <c>net_admin:on,sys_time:off</c>. Case does not matter.</summary>
/// <param name="what">What a name is called in messages: "capability".</param>
/// <param name="names">The names there are.</param>
/// <param name="prefix">What may stand before a name: "cap_", or nothing.</param>
/// <param name="aliases">Other spellings, and what they stand for.</param>
public sealed class SwitchSetKind(string what, IReadOnlyList<string> names, string prefix, params (string Alias, string Name)[] aliases) : ValueKind<SwitchSet>
{
    /// <inheritdoc/>
    public override string Accepts => $"NAME:on or NAME:off, joined by commas, with NAME one of {string.Join(' ', names)}";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out SwitchSet value)
    {
        value = SwitchSet.Empty;
        var switches = new List<(string, bool)>();
        foreach (var part in text.AsSpan().SplitAny(", \t"))
        {
            var entry = text.AsSpan()[part];
            if (entry.IsEmpty)
                continue;
            var colon = entry.IndexOf(':');
            if (colon < 0 || entry[(colon + 1)..] is not ("on" or "off"))
                return $"{Quote(entry.ToString())} does not end in :on or :off";
            if (NameOf(entry[..colon]) is not { } name)
                return $"{Quote(entry[..colon].ToString())} is no {what}";
            switches.Add((name, entry[(colon + 1)..] is "on"));
        }
        value = Sorted(switches);
        return null;
    }

    /// <inheritdoc/>
    public override string Format(SwitchSet value)
        => string.Join(',', value.Switches.Select(entry => $"{entry.Name}:{(entry.On ? "on" : "off")}"));

    /// <inheritdoc/>
    public override SwitchSet Merge(SwitchSet old, SwitchSet added) => Sorted([.. old.Switches, .. added.Switches]);

    /// <summary>Each name once, the last entry about it counting.</summary>
    private SwitchSet Sorted(List<(string Name, bool On)> switches)
    {
        var sorted = new List<(string, bool)>();
        foreach (var name in names)
        {
            var last = switches.FindLastIndex(entry => entry.Name == name);
            if (last >= 0)
                sorted.Add(switches[last]);
        }
        return new SwitchSet(sorted);
    }

    private string? NameOf(ReadOnlySpan<char> text)
    {
        var lower = text.ToString().ToLowerInvariant();
        lower = lower.StartsWith(prefix, StringComparison.Ordinal) ? lower[prefix.Length..] : lower;
        foreach (var (alias, name) in aliases)
        {
            if (alias == lower)
                return name;
        }
        return names.Contains(lower) ? lower : null;
    }
}
