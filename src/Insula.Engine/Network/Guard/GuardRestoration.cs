using System.Globalization;
using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Engine.Operations;
using Insula.Engine.Parts;
using Insula.Linux.Netlink;
using Insula.Linux.Nftables;

namespace Insula.Engine.Network.Guard;

/// <summary>
/// Puts the guard of all running containers back when somebody has taken it away: <c>nft flush ruleset</c>, a firewall's reload. What must be there
/// follows from what the containers were started with.
/// </summary>
public sealed class GuardRestoration(EngineContext engine)
{
    private const string CountersFile = "guard.counters";

    /// <summary>Restores if the table is missing, which costs one question to the kernel. For every command that is about to guard a link.</summary>
    /// <returns>True if the table was there.</returns>
    public bool RunIfMissing()
    {
        if (NetworkGuard.IsInForce())
            return true;
        Run();
        return false;
    }

    /// <summary>After links of a container have been guarded: tells if they are not, because the kernel cannot.</summary>
    public void WarnIfMissing(Ctid ctid)
    {
        if (!NetworkGuard.IsInForce())
            engine.Reporter.Warning($"This kernel has no nftables as the guard of links needs it: what CT {ctid} forges is not held off (see insula check)");
    }

    /// <summary>Looks whether everything is there, and restores what is not.</summary>
    /// <returns>The number of links for which something was missing.</returns>
    public int Run()
    {
        using var guard = NetworkGuard.TryOpenExisting();
        var links = guard is null ? [] : Links();
        var kept = ReadCounters(engine.Layout);
        File.Delete(PathOf(engine.Layout));
        return guard is null || links.Count == 0 ? 0 : guard.Restore(links, kept);
    }

    /// <summary>Leaves the counters of a table that was deleted for <see cref="Run"/>.</summary>
    public static void KeepCounters(HostLayout layout, IReadOnlyCollection<NftCounter> counters)
    {
        if (counters.Count == 0)
            return;
        var text = new StringBuilder();
        foreach (var counter in counters)
            text.Append(CultureInfo.InvariantCulture, $"{counter.Name} {counter.Packets} {counter.Bytes}\n");
        AtomicFile.Replace(PathOf(layout), Encoding.ASCII.GetBytes(text.ToString()), durable: false);
    }

    private static string PathOf(HostLayout layout) => Path.Combine(layout.RunDirectory, CountersFile);

    // "ct101-source 12 1008"
    private static List<NftCounter> ReadCounters(HostLayout layout)
    {
        var counters = new List<NftCounter>();
        if (!File.Exists(PathOf(layout)))
            return counters;
        foreach (var line in File.ReadLines(PathOf(layout)))
        {
            if (line.Split(' ') is [var name, var packets, var bytes]
                && ulong.TryParse(packets, NumberStyles.None, CultureInfo.InvariantCulture, out var p)
                && ulong.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var b))
                counters.Add(new NftCounter(name, p, b));
        }
        return counters;
    }

    private List<GuardedLink> Links()
    {
        using var host = RouteSocket.Open();
        var known = host.Links().ToDictionary(link => link.Name);
        var links = new List<GuardedLink>();
        foreach (var ctid in engine.Runtime.Started())
        {
            if (!engine.Runtime.IsRunning(ctid) || engine.Store.TryLoad(ctid) is not { } stored)
                continue;
            var container = new ContainerContext(engine, AppliedConfig.Load(engine, stored));
            links.AddRange(NetworkPart.GuardedLinks(container).Concat(InterfacesPart.GuardedLinks(container, host)).Where(link => link.IsFiltered && known.ContainsKey(link.Link)));
        }
        return links;
    }
}
