using System.Globalization;

namespace Insula.Cli.InsulaTool;

/// <summary>Amounts of bytes for people.</summary>
internal static class SizeText
{
    private const int Step = 1024;

    /// <summary>A number with one decimal and a unit: "83.2 MiB".</summary>
    public static string Of(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        double amount = bytes;
        var unit = 0;
        while (amount >= Step && unit < units.Length - 1)
        {
            amount /= Step;
            unit++;
        }
        return string.Create(CultureInfo.InvariantCulture, $"{amount:0.#} {units[unit]}");
    }
}
