using System.Globalization;

namespace Insula.Cli.VzUbc;

/// <summary>Numbers of at most five characters: 240, 9.09K, 17.9M, 1023G.</summary>
internal static class ShortNumber
{
    private const string Suffixes = "KMGTPEZY";
    private const double Step = 1024;

    /// <summary>A figure; 0 and what is unlimited are "-".</summary>
    public static string Of(long value) => value is 0 or long.MaxValue ? "-" : OfAmount(value);

    /// <summary>A change, with its sign.</summary>
    public static string OfChange(long change) => change switch
    {
        0 => "-",
        > 0 => "+" + OfAmount(change),
        _ => "-" + OfAmount(-(double)change),
    };

    /// <summary>A part of a whole in percent; "-" where either is nothing or the whole is unlimited.</summary>
    public static string OfRatio(long part, long whole)
    {
        if (part == 0 || whole is 0 or long.MaxValue)
            return "-";
        var percent = 100.0 * part / whole;
        return percent switch
        {
            < 0.05 => "0%",
            < 9.95 => percent.ToString("0.0", CultureInfo.InvariantCulture) + "%",
            _ => Math.Min(999, percent).ToString("0", CultureInfo.InvariantCulture) + "%",
        };
    }

    private static string OfAmount(double amount)
    {
        if (amount < 1000)
            return amount.ToString("0", CultureInfo.InvariantCulture);
        var power = -1;
        // 1023.9 would be rounded to the next unit's 1.00.
        while (amount >= 1000 && (power < 0 || amount >= Step - 0.5))
        {
            amount /= Step;
            power++;
        }
        var format = amount switch
        {
            < 9.995 => "0.00",
            < 99.95 => "0.0",
            _ => "0",
        };
        return amount.ToString(format, CultureInfo.InvariantCulture) + Suffixes[power];
    }
}
