using System.Globalization;
using System.Text;
using Insula.Engine.Configuration;

namespace Insula.Engine.Network.Traffic;

/// <summary>
/// What is kept of a container's traffic beyond a run of it and of the host: a file <c>traffic/CTID</c>. What was there before the counting began
/// (<c>base</c>) is kept apart from the last sum (<c>last</c>), so that saving may be interrupted anywhere and nothing counts twice.
/// </summary>
/// <param name="Epoch">The counting that was going on when it was saved.</param>
/// <param name="Base">What had passed before that counting.</param>
/// <param name="Last">All, when it was saved.</param>
internal sealed record KeptTraffic(ulong Epoch, TrafficTable Base, TrafficTable Last)
{
    private const int LargestFile = 64 * 1024;

    /// <summary>Nothing.</summary>
    public static KeptTraffic None { get; } = new(0, new TrafficTable(), new TrafficTable());

    /// <summary>All that has passed.</summary>
    /// <param name="epoch">The counting that is going on; null: none.</param>
    /// <param name="live">What that has counted.</param>
    public TrafficTable Total(ulong? epoch, TrafficTable live)
        => epoch is null ? Last : epoch == Epoch ? Base.Plus(live).AtLeast(Last) : Last.Plus(live);

    /// <summary>What to keep now.</summary>
    public KeptTraffic With(ulong epoch, TrafficTable live) => new(epoch, epoch == Epoch ? Base : Last, Total(epoch, live));

    /// <summary>Reads it; nothing if there is no such file.</summary>
    /// <exception cref="InsulaException">85: the file is damaged.</exception>
    public static KeptTraffic Load(string path)
    {
        if (SmallFile.TryRead(path, LargestFile) is not { } bytes)
            return None;
        ulong epoch = 0;
        var (before, last) = (new TrafficTable(), new TrafficTable());
        foreach (var line in Encoding.ASCII.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            var good = words switch
            {
                ["#", ..] => true,
                ["epoch", var number] => ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out epoch),
                ["base", ..] => TryTake(words, before),
                ["last", ..] => TryTake(words, last),
                _ => false,
            };
            if (!good)
                throw new InsulaException(ExitCode.InvalidConfig, $"{path} is damaged: {Parameters.ValueKind.Quote(line)}", "remove it: its container is counted anew");
        }
        return new KeptTraffic(epoch, before, last);
    }

    /// <summary>Writes it.</summary>
    /// <param name="path">The file; its directory is made.</param>
    /// <param name="durable">False: a power cut may leave the file that was there before.</param>
    public void Save(string path, bool durable)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var text = new StringBuilder("# Traffic before and at the last look: class, IP version, bytes and packets in, bytes and packets out.\n");
        text.Append(CultureInfo.InvariantCulture, $"epoch {Epoch}\n");
        Append(text, "base", Base);
        Append(text, "last", Last);
        AtomicFile.Replace(path, Encoding.ASCII.GetBytes(text.ToString()), durable);
    }

    private static void Append(StringBuilder text, string word, TrafficTable table)
    {
        for (var number = 0; number < TrafficTable.Classes; number++)
        {
            foreach (var family in (TrafficFamily[])[TrafficFamily.IPv4, TrafficFamily.IPv6])
            {
                var (incoming, outgoing) = (table[number, family, TrafficDirection.In], table[number, family, TrafficDirection.Out]);
                if (incoming.Packets + outgoing.Packets > 0)
                    text.Append(CultureInfo.InvariantCulture, $"{word} {number} {(family == TrafficFamily.IPv4 ? 4 : 6)} {incoming.Bytes} {incoming.Packets} {outgoing.Bytes} {outgoing.Packets}\n");
            }
        }
    }

    private static bool TryTake(string[] words, TrafficTable table)
    {
        const int fields = 7;
        var numbers = new ulong[fields];
        for (var i = 1; i < words.Length && i < fields; i++)
        {
            if (!ulong.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
                return false;
        }
        if (words.Length != fields || numbers[1] >= TrafficTable.Classes || numbers[2] is not (4 or 6))
            return false;
        var family = numbers[2] == 4 ? TrafficFamily.IPv4 : TrafficFamily.IPv6;
        table[(int)numbers[1], family, TrafficDirection.In] = new TrafficCount(numbers[3], numbers[4]);
        table[(int)numbers[1], family, TrafficDirection.Out] = new TrafficCount(numbers[5], numbers[6]);
        return true;
    }
}
