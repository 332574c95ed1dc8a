using System.Globalization;
using System.Text;
using Insula.Engine.Containers;

namespace Insula.Engine.Beancounters;

/// <summary>
/// The files in which OpenVZ's kernel shows beancounters, byte for byte: /proc/user_beancounters, /proc/bc/resources and
/// /proc/bc/CTID/resources. Every program that reads them splits at blanks, sees a number with a colon in the first row of each
/// block, and skips rows called "dummy".
/// </summary>
public static class BeancounterFile
{
    /// <summary>The first line.</summary>
    public const string Version = "Version: 2.5";

    private const int Rows = 24;
    private const string Dummy = "dummy";
    private static readonly string Header = Line("uid", ' ', "resource", "held", "maxheld", "barrier", "limit", "failcnt");

    /// <summary>/proc/user_beancounters: 24 rows each, four of them dummies, without swappages.</summary>
    public static string UserBeancounters(IEnumerable<Beancounter> beancounters)
    {
        var text = new StringBuilder().Append(Version).Append('\n').Append(Header);
        foreach (var beancounter in beancounters)
        {
            for (var number = 0; number < Rows; number++)
            {
                var row = RowOf(beancounter, number);
                AppendRow(text, number == 0 ? beancounter.Ctid : null, row?.Resource.Name ?? Dummy, row ?? default);
            }
        }
        return text.ToString();
    }

    /// <summary>/proc/bc/resources: without dummies, with swappages.</summary>
    public static string Resources(IEnumerable<Beancounter> beancounters)
    {
        var text = new StringBuilder().Append(Version).Append('\n').Append(Header);
        foreach (var beancounter in beancounters)
            AppendResources(text, beancounter, beancounter.Ctid);
        return text.ToString();
    }

    /// <summary>/proc/bc/CTID/resources: the rows alone, without version, header and number.</summary>
    public static string ResourcesOf(Beancounter beancounter)
    {
        var text = new StringBuilder();
        AppendResources(text, beancounter, null);
        return text.ToString();
    }

    private static void AppendResources(StringBuilder text, Beancounter beancounter, Ctid? ctid)
    {
        foreach (var row in beancounter.Rows)
        {
            AppendRow(text, ctid, row.Resource.Name, row);
            ctid = null;
        }
    }

    private static BeancounterReading? RowOf(Beancounter beancounter, int number)
    {
        foreach (var row in beancounter.Rows)
        {
            if (row.Resource.Number == number)
                return row;
        }
        return null;
    }

    private static void AppendRow(StringBuilder text, Ctid? ctid, string name, BeancounterReading row)
        => text.Append(Line(
            ctid?.ToString() ?? "", ctid is null ? ' ' : ':', name, Number(row.Held), Number(row.MaxHeld), Number(row.Barrier), Number(row.Limit),
            Number(row.FailCount)));

    // "%10s%c %-12s %20s %20s %20s %20s %20s\n"
    private static string Line(string uid, char colon, string name, string held, string maxHeld, string barrier, string limit, string failCount)
        => string.Create(
            CultureInfo.InvariantCulture, $"{uid,10}{colon} {name,-12} {held,20} {maxHeld,20} {barrier,20} {limit,20} {failCount,20}\n");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
