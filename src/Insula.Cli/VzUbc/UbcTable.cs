using System.Text;
using Insula.Engine.Beancounters;
using Insula.Engine.Parameters;

namespace Insula.Cli.VzUbc;

/// <summary>How the table of vzubc is to look.</summary>
internal sealed record UbcTableStyle
{
    /// <summary>Only what has been refused, or is or was close to its limit.</summary>
    public bool Quiet { get; init; }

    /// <summary>Held at or above this part of the limit is close.</summary>
    public double CloseHeld { get; init; } = 0.5;

    /// <summary>Maxheld at or above this part of the limit is close.</summary>
    public double CloseMaxHeld { get; init; } = 0.8;

    /// <summary>Also what has no barrier.</summary>
    public bool Verbose { get; init; }

    /// <summary>Highlight.</summary>
    public bool Color { get; init; }

    /// <summary>The refusals to subtract; null: show all.</summary>
    public IReadOnlyList<Beancounter>? RefusalsBefore { get; init; }

    /// <summary>What was held before; null: do not show the change.</summary>
    public IReadOnlyList<Beancounter>? HeldBefore { get; init; }
}

/// <summary>
/// The table of vzubc: a block for each beancounter, pages as bytes, numbers short, how close held and maxheld are to barrier and limit.
/// </summary>
internal sealed class UbcTable(TextWriter output, UbcTableStyle style)
{
    private const string Red = "\x1b[31;1m", Yellow = "\x1b[33;1m", Plain = "\x1b[0m";
    private const long PageSize = 4096;

    /// <summary>Writes one beancounter; nothing if none of its rows is wanted.</summary>
    public void Write(Beancounter beancounter)
    {
        var lines = new List<string>();
        foreach (var row in beancounter.Rows)
        {
            var refusals = row.FailCount - (Before(style.RefusalsBefore, beancounter, row)?.FailCount ?? 0);
            // A container that has been started again since counts from 0.
            if (refusals < 0)
                refusals = row.FailCount;
            var change = style.HeldBefore is null ? 0 : row.Held - (Before(style.HeldBefore, beancounter, row)?.Held ?? 0);
            if (IsWanted(row, refusals, change))
                lines.Add(Colored(row, refusals, Line(row, refusals, change)));
        }
        if (lines.Count == 0)
            return;
        WriteHeader(beancounter);
        foreach (var line in lines)
            output.WriteLine(line);
    }

    private static BeancounterReading? Before(IReadOnlyList<Beancounter>? saved, Beancounter now, BeancounterReading row)
    {
        foreach (var old in saved ?? [])
        {
            if (old.Ctid != now.Ctid)
                continue;
            foreach (var candidate in old.Rows)
            {
                if (candidate.Resource == row.Resource)
                    return candidate;
            }
        }
        return null;
    }

    private bool IsWanted(BeancounterReading row, long refusals, long change)
        => style.Quiet ? refusals > 0 || change != 0 || IsClose(row) : style.Verbose || row.Barrier != BarrierLimit.Unlimited || refusals > 0;

    private bool IsClose(BeancounterReading row)
    {
        var bound = row.Limit != BarrierLimit.Unlimited ? row.Limit : row.Barrier;
        return bound is not 0 and not BarrierLimit.Unlimited
            && ((double)row.Held / bound >= style.CloseHeld || (double)row.MaxHeld / bound >= style.CloseMaxHeld);
    }

    private string Colored(BeancounterReading row, long refusals, string line)
    {
        var color = refusals > 0 ? Red : IsClose(row) ? Yellow : null;
        return style.Color && color is not null ? color + line + Plain : line;
    }

    private void WriteHeader(Beancounter beancounter)
    {
        var increment = style.HeldBefore is null ? "" : "| INCR ";
        var fail = style.RefusalsBefore is null ? " FAIL" : "+FAIL";
        var header = $"{"CT " + beancounter.Ctid,-13}| HELD Bar% Lim%| MAXH Bar% Lim%{increment}| BAR | LIM |{fail}";
        var rule = new StringBuilder();
        foreach (var c in header)
            rule.Append(c == '|' ? '+' : '-');
        output.WriteLine(new string('-', header.Length));
        output.WriteLine(header);
        output.WriteLine(rule.ToString());
    }

    private string Line(BeancounterReading row, long refusals, long change)
    {
        var line = new StringBuilder();
        line.Append($"{row.Resource.Name,13}");
        AppendUse(line, row, row.Held);
        AppendUse(line, row, row.MaxHeld);
        if (style.HeldBefore is not null)
            line.Append($"|{ShortNumber.OfChange(Shown(row, change)),6}");
        line.Append($"|{ShortNumber.Of(Shown(row, row.Barrier)),5}|{ShortNumber.Of(Shown(row, row.Limit)),5}|{ShortNumber.Of(refusals),5}");
        return line.ToString();
    }

    private static void AppendUse(StringBuilder line, BeancounterReading row, long use) => line.Append(
        $"|{ShortNumber.Of(Shown(row, use)),5} {ShortNumber.OfRatio(use, row.Barrier),4} {ShortNumber.OfRatio(use, row.Limit),4}");

    private static long Shown(BeancounterReading row, long value)
    {
        if (row.Resource.Unit != BeancounterUnit.Pages || value == BarrierLimit.Unlimited)
            return value;
        // From a file of somebody else any number may come.
        return value is > long.MaxValue / PageSize or < -long.MaxValue / PageSize ? BarrierLimit.Unlimited : value * PageSize;
    }
}
