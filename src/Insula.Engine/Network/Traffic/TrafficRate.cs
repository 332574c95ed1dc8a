using System.Buffers;
using System.Globalization;

namespace Insula.Engine.Network.Traffic;

/// <summary>An entry of RATE or TOTALRATE: <c>DEVICE:CLASS:KBITS[:KBITS_IN]</c>.</summary>
/// <param name="Device">A network device of the host; <c>*</c>: any.</param>
/// <param name="Class">The class of traffic, 0 to 15.</param>
/// <param name="Out">What the container sends, 1000 bits a second; 0: not limited.</param>
/// <param name="In">What it gets; 0: not limited.</param>
public sealed record TrafficRate(string Device, int Class, long Out, long In)
{
    /// <summary>Any device.</summary>
    public const string AnyDevice = "*";

    /// <summary>Stands before entries that take the place of all there were.</summary>
    public static TrafficRate Clear { get; } = new("", 0, 0, 0);

    /// <summary>The largest rate: 1 Tbit/s.</summary>
    public const long Largest = 1_000_000_000;

    // What means something to the file, or to a shell that reads it.
    private static readonly SearchValues<char> s_special = SearchValues.Create(",;=\"'$`\\");

    /// <summary>True for an entry that limits nothing: it takes another one of its device and class away.</summary>
    public bool IsNone => Out == 0 && In == 0;

    /// <summary>The rate of a direction, 1000 bits a second; 0: not limited.</summary>
    public long Of(TrafficDirection direction) => direction == TrafficDirection.In ? In : Out;

    /// <summary>True if both are about the same traffic.</summary>
    public bool IsFor(string device, int number) => Device == device && Class == number;

    /// <summary>Reads one.</summary>
    /// <returns>Null, or why it is not accepted.</returns>
    public static string? TryParse(string text, out TrafficRate rate)
    {
        rate = new TrafficRate(AnyDevice, 0, 0, 0);
        // The name of a device has no colon.
        var fields = text.Split(':');
        if (fields.Length is not (3 or 4))
            return "not DEVICE:CLASS:KBITS";
        if (fields[0] != AnyDevice && (!InterfaceName.TryParse(fields[0], out _) || fields[0].AsSpan().ContainsAny(s_special)))
            return "not the name of a network device";
        if (!int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= TrafficTable.Classes)
            return $"not a class from 0 to {TrafficTable.Classes - 1}";
        if (!TryRate(fields[2], out var outgoing) || !TryRate(fields.Length == 4 ? fields[3] : "0", out var incoming))
            return $"not a rate from 0 to {Largest} Kbit/s";
        rate = new TrafficRate(fields[0], number, outgoing, incoming);
        return null;
    }

    /// <summary>As the file has it.</summary>
    public override string ToString()
        => In == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Device}:{Class}:{Out}")
            : string.Create(CultureInfo.InvariantCulture, $"{Device}:{Class}:{Out}:{In}");

    private static bool TryRate(string text, out long rate)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out rate) && rate <= Largest;
}
