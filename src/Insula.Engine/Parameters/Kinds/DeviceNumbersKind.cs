using System.Globalization;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>DEVICES: devices by number: <c>c:108:0:rw b:8:all:r</c>. Loop devices (block major 7) are refused: they read any file as a file system.</summary>
public sealed class DeviceNumbersKind : DeviceRulesKind
{
    private const int LargestMajor = (1 << 12) - 1; // MAJOR and MINOR of a 32-bit dev_t
    private const int LargestMinor = (1 << 20) - 1;
    private const int LoopMajor = 7;

    /// <inheritdoc/>
    public override string Accepts => "b or c:MAJOR:MINOR or all:[r][w][q] or none, but no loop device";

    /// <inheritdoc/>
    protected override string? TryDevice(string text, out string device)
    {
        device = text;
        var parts = text.Split(':');
        if (parts is not ["b" or "c", var majorText, var minorText])
            return "not b or c, a major and a minor number";
        if (!TryNumber(majorText, LargestMajor, out var major) || !(minorText == "all" || TryNumber(minorText, LargestMinor, out _)))
            return "a device number is wrong";
        if (parts[0] == "b" && major == LoopMajor)
            return "loop devices are not given to containers";
        device = $"{parts[0]}:{major}:{(minorText == "all" ? minorText : minorText.TrimStart('0').PadLeft(1, '0'))}";
        return null;
    }

    private static bool TryNumber(string text, int largest, out int number)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= largest;
}
