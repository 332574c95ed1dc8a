using Insula.Engine.Network.Traffic;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>
/// RATE, TOTALRATE, RATEMPU: entries <c>DEVICE:CLASS:NUMBER[:NUMBER]</c>, divided by blanks, on the command line also by commas. For a device and class
/// the last entry counts; one of zeros takes it away, <c>none</c> all.
/// </summary>
public sealed class RateListKind : ValueKind<IReadOnlyList<TrafficRate>>
{
    private const string None = "none";
    private const int MostEntries = 256;

    /// <inheritdoc/>
    public override string Accepts => "DEVICE:CLASS:KBITS[:KBITS_IN], with * for any device; several divided by blanks; none";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<TrafficRate> value)
    {
        var entries = new List<TrafficRate>();
        value = entries;
        if (text == None)
        {
            entries.Add(TrafficRate.Clear);
            return null;
        }
        foreach (var part in text.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (TrafficRate.TryParse(part, out var entry) is { } why)
                return part == text ? why : $"{Quote(part)}: {why}";
            entries.RemoveAll(known => known.IsFor(entry.Device, entry.Class));
            entries.Add(entry);
            if (entries.Count > MostEntries)
                return $"more than {MostEntries} entries";
        }
        return null;
    }

    /// <inheritdoc/>
    public override string Format(IReadOnlyList<TrafficRate> value) => string.Join(' ', value.Where(entry => !entry.IsNone));

    /// <inheritdoc/>
    public override IReadOnlyList<TrafficRate> Merge(IReadOnlyList<TrafficRate> old, IReadOnlyList<TrafficRate> added)
        => added.Contains(TrafficRate.Clear) ? added : [.. old.Where(known => !added.Any(entry => entry.IsFor(known.Device, known.Class))), .. added];
}
