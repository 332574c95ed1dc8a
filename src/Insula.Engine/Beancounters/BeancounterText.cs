using System.Globalization;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;

namespace Insula.Engine.Beancounters;

/// <summary>
/// Reads the text of /proc/user_beancounters and /proc/bc/resources:
/// <code>
/// Version: 2.5
///        uid  resource                     held              maxheld              barrier                limit              failcnt
///       101:  kmemsize                  2678940              4325376             14372700             14790164                    0
///             lockedpages                     0                    8                 2048                 2048                    0
/// </code>
/// The number of the container stands in the first row of its block only; a text without any is of one container.
/// </summary>
public static class BeancounterText
{
    private const string Version = "Version: 2.5";
    private const int Numbers = 5;

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">Where it is from, for messages.</param>
    /// <returns>The accounts; a resource that is not in the text is unlimited and nothing of it held.</returns>
    /// <exception cref="InsulaException">85: it is no such text.</exception>
    public static IReadOnlyList<Beancounter> Parse(string text, string name)
    {
        var accounts = new Dictionary<Ctid, Dictionary<BeancounterResource, BeancounterReading>>();
        var current = Ctid.Host;
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var words = line.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).AsSpan();
            if (++number == 1 && line.Trim() is not Version)
                throw new InsulaException(ExitCode.InvalidConfig, $"{name} does not begin with \"{Version}\"", "It is no copy of /proc/user_beancounters or /proc/bc/resources");
            if (number == 1 || words.IsEmpty || words is ["uid", "resource", ..] or ["resource", ..])
                continue;
            if (words[0].EndsWith(':'))
            {
                current = Ctid.TryParse(words[0].AsSpan(0, words[0].Length - 1), out var ctid) ? ctid : throw Bad(name, number, $"{ValueKind.Quote(words[0])} is no container's number");
                words = words[1..];
            }
            if (Row(words, name, number) is { } row)
                (accounts.TryGetValue(current, out var rows) ? rows : accounts[current] = [])[row.Resource] = row;
        }
        return [.. accounts.OrderBy(account => account.Key).Select(account => Whole(account.Key, account.Value))];
    }

    private static BeancounterReading? Row(ReadOnlySpan<string> words, string name, int line)
    {
        if (words.Length != Numbers + 1)
            throw Bad(name, line, "a resource and five numbers are expected");
        Span<long> values = stackalloc long[Numbers];
        for (var i = 0; i < Numbers; i++)
        {
            // Unsigned there: what does not fit is as good as unlimited.
            if (!ulong.TryParse(words[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                throw Bad(name, line, $"{ValueKind.Quote(words[i + 1])} is no number");
            values[i] = (long)Math.Min(value, long.MaxValue);
        }
        // "dummy", and what a later kernel may count.
        return BeancounterResources.Find(words[0]) is { } resource
            ? new BeancounterReading(resource, values[0], values[1], values[2], values[3], values[4])
            : null;
    }

    private static Beancounter Whole(Ctid ctid, Dictionary<BeancounterResource, BeancounterReading> rows)
        => new(ctid, [.. BeancounterResources.All.Select(resource => rows.TryGetValue(resource, out var row)
            ? row
            : new BeancounterReading(resource, 0, 0, BarrierLimit.Unlimited, BarrierLimit.Unlimited, 0))]);

    private static InsulaException Bad(string name, int line, string why) => new(ExitCode.InvalidConfig, $"{name}, line {line}: {why}");
}
