namespace Insula.Engine.Parameters.Kinds;

/// <summary>Rules separated by blanks, each a device, a colon and <c>[r][w][q]</c> or <c>none</c>. A later rule for a device replaces an earlier one.</summary>
public abstract class DeviceRulesKind : ValueKind<IReadOnlyList<DeviceRule>>
{
    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<DeviceRule> value)
    {
        value = [];
        foreach (var part in text.AsSpan().SplitAny(" \t"))
        {
            var entry = text.AsSpan()[part];
            if (entry.IsEmpty)
                continue;
            var colon = entry.LastIndexOf(':');
            if (colon < 0 || !TryRights(entry[(colon + 1)..], out var rights))
                return "it does not end in :[r][w][q] or :none";
            if (TryDevice(entry[..colon].ToString(), out var device) is { } why)
                return why;
            value = Merge(value, [new DeviceRule(device, rights)]);
        }
        return null;
    }

    /// <inheritdoc/>
    public override string Format(IReadOnlyList<DeviceRule> value) => string.Join(' ', value);

    /// <inheritdoc/>
    public override IReadOnlyList<DeviceRule> Merge(IReadOnlyList<DeviceRule> old, IReadOnlyList<DeviceRule> added)
        => [.. old.Where(rule => !added.Any(other => other.Device == rule.Device)), .. added];

    /// <summary>Reads the part before the rights.</summary>
    /// <param name="text">As written.</param>
    /// <param name="device">The one spelling under which it is stored.</param>
    /// <returns>Null, or why it is not accepted.</returns>
    protected abstract string? TryDevice(string text, out string device);

    private static bool TryRights(ReadOnlySpan<char> text, out DeviceRights rights)
    {
        rights = DeviceRights.None;
        if (text is "none")
            return true;
        foreach (var letter in text)
        {
            var right = letter switch
            {
                'r' => DeviceRights.Read,
                'w' => DeviceRights.Write,
                'q' => DeviceRights.Quota,
                _ => DeviceRights.None,
            };
            if (right == DeviceRights.None || rights.HasFlag(right))
                return false;
            rights |= right;
        }
        return rights != DeviceRights.None;
    }
}
