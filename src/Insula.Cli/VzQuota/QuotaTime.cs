using System.Globalization;
using Insula.Engine;
using Insula.Engine.Quotas;

namespace Insula.Cli.VzQuota;

/// <summary>Times as vzquota takes and shows them.</summary>
internal static class QuotaTime
{
    private const int Minute = 60, Hour = 60 * Minute, Day = 24 * Hour;

    /// <summary>Reads <c>[[dd:]hh:]mm:ss</c>, seconds, or a number with h, d, w, m (30 days) or y.</summary>
    /// <exception cref="VzQuotaException">2: it is none.</exception>
    public static long Parse(string option, string text)
    {
        var seconds = text.Length > 0 && char.IsAsciiLetter(text[^1]) ? OfUnit(text) : OfParts(text);
        return seconds ?? throw new VzQuotaException(
            VzQuotaExit.Usage, $"Bad time \"{text}\" for {option}", "Accepted: seconds, [[dd:]hh:]mm:ss, or a number with one of h d w m y");
    }

    /// <summary>What is left of a grace time: empty while it does not run, "none" when it is over.</summary>
    public static string Left(long expires, DateTimeOffset now)
    {
        if (expires == 0)
            return "";
        var left = expires - now.ToUnixTimeSeconds();
        return left <= 0 ? "none" : Rounded(left);
    }

    /// <summary>A time in days, hours or minutes, whichever it is whole of.</summary>
    public static string Whole(long seconds)
    {
        var minutes = (seconds + 30) / Minute;
        if (minutes % 60 != 0 || minutes == 0)
            return Text(minutes, "minutes");
        return minutes / 60 % 24 != 0 ? Text(minutes / 60, "hours") : Text(minutes / 60 / 24, "days");
    }

    private static string Rounded(long seconds)
    {
        var minutes = (seconds + 30) / Minute;
        var days = minutes * Minute / Day;
        return days > 0 ? Text(days, "days") : string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");
    }

    private static string Text(long number, string unit) => string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");

    private static long? OfUnit(string text)
    {
        long unit = char.ToLowerInvariant(text[^1]) switch
        {
            'h' => Hour,
            'd' => Day,
            'w' => 7 * Day,
            'm' => 30 * Day,
            'y' => 365 * Day,
            _ => 0,
        };
        return unit != 0 && Number(text[..^1]) is { } number ? number * unit : null;
    }

    private static long? OfParts(string text)
    {
        long[] units = [1, Minute, Hour, Day];
        var parts = text.Split(':');
        if (parts.Length > units.Length)
            return null;
        long seconds = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            if (Number(parts[i]) is not { } number)
                return null;
            seconds += number * units[parts.Length - 1 - i];
        }
        return seconds;
    }

    private static long? Number(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
