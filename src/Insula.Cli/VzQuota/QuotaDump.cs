using System.Globalization;
using Insula.Engine.Quotas;

namespace Insula.Cli.VzQuota;

/// <summary>
/// The text that vzdqdump writes and vzdqload reads: labelled lines with tabs between their fields, comments after "#".
/// <code>
/// ugid_quota_status:	1
/// grace_time:	0	259200	259200
/// ugid_number:	1
/// ugid:	1000	0	10240	20480	100	200
/// </code>
/// Types are 0 for users and 1 for groups.
/// </summary>
internal static class QuotaDump
{
    private const string Status = "ugid_quota_status:", Grace = "grace_time:", Number = "ugid_number:", Ugid = "ugid:", FirstLevel = "first_level_quota:";
    private const int FieldsOfGrace = 3, FieldsOfUgid = 6;

    /// <summary>Writes a report.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="report">What is known.</param>
    /// <param name="grace">-G: grace times.</param>
    /// <param name="limits">-U: limits.</param>
    /// <param name="times">-T: when grace times end.</param>
    /// <param name="firstLevel">-F: the container as a whole.</param>
    public static void Write(TextWriter output, QuotaReport report, bool grace, bool limits, bool times, bool firstLevel)
    {
        output.WriteLine($"{Status}\t{(report.HasUsers ? 1 : 0)}");
        if (grace)
        {
            output.WriteLine($"#{Grace}\ttype\tblock\tinode");
            foreach (var (kind, space, inodes) in report.Grace)
                output.WriteLine(Join(Grace, (int)kind, space, inodes));
        }
        if (limits || times)
            WriteUsers(output, report, limits, times);
        if (!firstLevel)
            return;
        output.WriteLine(FirstLevel);
        foreach (var amount in new[] { report.State.Space, report.State.Inodes })
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{amount.Usage} {amount.Hard} {amount.Soft} {amount.Expires} {amount.Grace}"));
    }

    /// <summary>Reads lines back; what the old program wrote as well.</summary>
    /// <exception cref="VzQuotaException">2: a line is none of them.</exception>
    public static (List<(QuotaHolder Kind, long Space, long Inodes)> Grace, List<(QuotaHolder Kind, uint Id, DiskLimits Limits)> Users) Read(TextReader input)
    {
        var grace = new List<(QuotaHolder, long, long)>();
        var users = new List<(QuotaHolder, uint, DiskLimits)>();
        var number = 0;
        while (input.ReadLine() is { } line)
        {
            number++;
            var fields = line.Split('\t');
            if (fields[0] == FirstLevel)
                break; // the container's own limits are its configuration's
            if (fields[0] == Grace && Numbers(fields, FieldsOfGrace, number) is [var type, var space, var inodes])
                grace.Add((KindOf(type, number), space, inodes));
            else if (fields[0] == Ugid && Numbers(fields, FieldsOfUgid, number) is [var id, var kind, var softSpace, var hardSpace, var softInodes, var hardInodes])
                users.Add((KindOf(kind, number), (uint)id, DiskLimits.None with { SoftKiB = softSpace, HardKiB = hardSpace, SoftInodes = softInodes, HardInodes = hardInodes }));
            else if (line.Length > 0 && line[0] != '#' && fields[0] is not (Status or Number))
                throw Bad(number);
        }
        return (grace, users);
    }

    private static void WriteUsers(TextWriter output, QuotaReport report, bool limits, bool times)
    {
        output.WriteLine(Join(Number, report.Users.Count));
        output.WriteLine($"#{Ugid}\tID\ttype{(limits ? "\tbsoft\tbhard\tisoft\tihard" : "")}{(times ? "\tbtime\titime" : "")}");
        foreach (var (kind, id, quota) in report.Users)
        {
            var line = Join(Ugid, id, (int)kind);
            if (limits)
                line = Join(line, quota.Space.Soft, quota.Space.Hard, quota.Inodes.Soft, quota.Inodes.Hard);
            output.WriteLine(times ? Join(line, quota.Space.Expires, quota.Inodes.Expires) : line);
        }
    }

    private static string Join(string start, params ReadOnlySpan<long> numbers)
    {
        foreach (var number in numbers)
            start += "\t" + number.ToString(CultureInfo.InvariantCulture);
        return start;
    }

    private static long[] Numbers(string[] fields, int count, int line)
    {
        if (fields.Length < count + 1)
            throw Bad(line);
        var numbers = new long[count];
        for (var i = 0; i < count; i++)
        {
            if (!long.TryParse(fields[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                throw Bad(line);
        }
        return numbers;
    }

    private static QuotaHolder KindOf(long type, int line) => type switch
    {
        0 => QuotaHolder.User,
        1 => QuotaHolder.Group,
        _ => throw Bad(line),
    };

    private static VzQuotaException Bad(int line) => new(VzQuotaExit.Usage, $"Line {line} of the input is not one of vzdqdump -G -U");
}
