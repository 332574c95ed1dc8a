using System.Globalization;
using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Traffic;

/// <summary>
/// Traffic as the kernel itself counts it by link, where it takes no programs of ours. RUNDIR/CTID/traffic names the links of a running container and what
/// they had counted when this counting began: <c>epoch 81</c>, <c>venet101 0 0 0 0</c> (bytes and packets in, bytes and packets out).
/// </summary>
/// <param name="layout">Where the files are.</param>
internal sealed class LinkTraffic(HostLayout layout)
{
    private const int LargestFile = 64 * 1024;
    private const ulong EthernetHeader = 14;
    private const string FileName = "traffic";

    /// <summary>Counts what passes a link from now on, which is new.</summary>
    public void Begin(Ctid ctid, string link)
    {
        var (epoch, links) = Load(ctid) ?? (NewEpoch(), new Dictionary<string, (TrafficCount In, TrafficCount Out)>());
        links[link] = (default, default);
        Save(ctid, epoch, links);
    }

    /// <summary>What was counted of a container; null if it is not counted so, or has no link any more.</summary>
    public (ulong Epoch, TrafficTable Traffic)? TryRead(Ctid ctid)
    {
        if (Load(ctid) is not var (epoch, links))
            return null;
        using var host = RouteSocket.Open();
        var (incoming, outgoing, found) = (default(TrafficCount), default(TrafficCount), false);
        foreach (var (link, before) in links)
        {
            if (host.FindStatistics(link) is not { } now)
                continue;
            found = true;
            incoming += Minus(In(now), before.In);
            outgoing += Minus(Out(now), before.Out);
        }
        if (!found)
            return null;
        var table = new TrafficTable();
        table[NetworkClasses.Default, TrafficFamily.IPv4, TrafficDirection.In] = incoming;
        table[NetworkClasses.Default, TrafficFamily.IPv4, TrafficDirection.Out] = outgoing;
        return (epoch, table);
    }

    /// <summary>Begins with nothing; false if the container is not counted so.</summary>
    public bool Reset(Ctid ctid)
    {
        if (Load(ctid) is not var (_, links))
            return false;
        using var host = RouteSocket.Open();
        foreach (var link in links.Keys.ToList())
        {
            if (host.FindStatistics(link) is { } now)
                links[link] = (In(now), Out(now));
        }
        Save(ctid, NewEpoch(), links);
        return true;
    }

    /// <summary>The containers that are counted so.</summary>
    public IEnumerable<Ctid> Counted()
    {
        if (!Directory.Exists(layout.RunDirectory))
            yield break;
        foreach (var directory in Directory.EnumerateDirectories(layout.RunDirectory))
        {
            if (Ctid.TryParse(Path.GetFileName(directory), out var ctid) && File.Exists(PathOf(ctid)))
                yield return ctid;
        }
    }

    // The host's end: what it receives the container has sent. All links of containers have Ethernet's header.
    private static TrafficCount In(LinkStatistics of) => new(of.SentBytes - (of.SentPackets * EthernetHeader), of.SentPackets);

    private static TrafficCount Out(LinkStatistics of) => new(of.ReceivedBytes - (of.ReceivedPackets * EthernetHeader), of.ReceivedPackets);

    private static TrafficCount Minus(TrafficCount now, TrafficCount before) => new(now.Bytes - before.Bytes, now.Packets - before.Packets);

    private static ulong NewEpoch() => (ulong)Random.Shared.NextInt64(1, long.MaxValue);

    private string PathOf(Ctid ctid) => Path.Combine(layout.RunDirectory, ctid.Value.ToString(CultureInfo.InvariantCulture), FileName);

    private void Save(Ctid ctid, ulong epoch, Dictionary<string, (TrafficCount In, TrafficCount Out)> links)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"epoch {epoch}\n");
        foreach (var (link, before) in links)
            text.Append(CultureInfo.InvariantCulture, $"{link} {before.In.Bytes} {before.In.Packets} {before.Out.Bytes} {before.Out.Packets}\n");
        AtomicFile.Replace(PathOf(ctid), Encoding.UTF8.GetBytes(text.ToString()), durable: false);
    }

    // Null: there is none, or what is there makes no sense, which only this host's root can have written.
    private (ulong Epoch, Dictionary<string, (TrafficCount In, TrafficCount Out)> Links)? Load(Ctid ctid)
    {
        if (SmallFile.TryRead(PathOf(ctid), LargestFile) is not { } bytes)
            return null;
        ulong epoch = 0;
        var links = new Dictionary<string, (TrafficCount, TrafficCount)>();
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            var numbers = words.Skip(1).Select(word => ulong.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).ToArray();
            if (words is ["epoch", _])
                epoch = numbers[0];
            else if (numbers.Length == 4)
                links[words[0]] = (new TrafficCount(numbers[0], numbers[1]), new TrafficCount(numbers[2], numbers[3]));
        }
        return epoch == 0 ? null : (epoch, links);
    }
}
