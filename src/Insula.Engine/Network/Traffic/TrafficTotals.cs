using System.Globalization;
using Insula.Engine.Configuration;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Kinds;

namespace Insula.Engine.Network.Traffic;

/// <summary>What vz.conf says of rates for all containers together: TOTALRATE, BANDWIDTH, RATEMPU.</summary>
/// <param name="global">vz.conf.</param>
internal sealed class TrafficTotals(GlobalConfig global)
{
    private const int DefaultSmallestPacket = 1000;

    private readonly IReadOnlyList<TrafficRate> _totals = Read(global, "TOTALRATE");
    private readonly Dictionary<string, long> _bandwidths = ReadBandwidths(global);
    private readonly IReadOnlyList<TrafficRate> _smallest = ReadSmallest(global);

    /// <summary>What all containers together may use of a device and class, 1000 bits a second; 0: nothing is said.</summary>
    public long Of(string device, int number, TrafficDirection direction)
    {
        var total = Find(_totals, device, number)?.Of(direction) ?? 0;
        return _bandwidths.TryGetValue(device, out var bandwidth) ? Math.Min(total, bandwidth) : total;
    }

    /// <summary>Bytes that the smallest packet counts as; 0: what it has.</summary>
    public int SmallestPacket(string device, int number) => (int)Math.Min(int.MaxValue, Find(_smallest, device, number)?.Out ?? 0);

    // An entry for the very device before one for any.
    private static TrafficRate? Find(IReadOnlyList<TrafficRate> entries, string device, int number)
        => entries.FirstOrDefault(entry => entry.IsFor(device, number)) ?? entries.FirstOrDefault(entry => entry.IsFor(TrafficRate.AnyDevice, number));

    private static IReadOnlyList<TrafficRate> Read(GlobalConfig global, string key)
        => global.File.Get(key) is { Length: > 0 } text ? new RateListKind().Parse($"{key} in {global.File.Name}", text, ParseContext.Default) : [];

    // RATEMPU="eth0:1:600 *:2": without a number it is 1000.
    private static IReadOnlyList<TrafficRate> ReadSmallest(GlobalConfig global)
    {
        const string key = "RATEMPU";
        if (global.File.Get(key) is not { Length: > 0 } text)
            return [];
        var entries = text.Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries)
            .Select(entry => entry.Count(letter => letter == ':') == 1 ? $"{entry}:{DefaultSmallestPacket}" : entry);
        return new RateListKind().Parse($"{key} in {global.File.Name}", string.Join(' ', entries), ParseContext.Default);
    }

    // BANDWIDTH="eth0:102400 eth1:10240"
    private static Dictionary<string, long> ReadBandwidths(GlobalConfig global)
    {
        const string key = "BANDWIDTH";
        var bandwidths = new Dictionary<string, long>();
        foreach (var entry in (global.File.Get(key) ?? "").Split([' ', '\t', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = entry.LastIndexOf(':');
            if (colon <= 0 || !long.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobits) || kilobits is 0 or > TrafficRate.Largest)
                throw new InsulaException(ExitCode.BadValue, $"Bad value {ValueKind.Quote(entry)} for {key} in {global.File.Name}", "Accepted: DEVICE:KBITS, several divided by blanks");
            bandwidths[entry[..colon]] = kilobits;
        }
        return bandwidths;
    }
}
