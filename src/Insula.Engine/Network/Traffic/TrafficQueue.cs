using Insula.Engine.Host;
using Insula.Linux.Bpf;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network.Traffic;

/// <summary>
/// Where packets wait that are above their rate: a pair of links of the host's own. What programs divert to its front leaves it by classes of HTB, one for
/// each rate, and at its back is sent on to the link that it came by, as if it had come only now. It is there while a container has a rate.
/// </summary>
/// <remarks>
/// HTB on an ifb device, which is made for this, gives packets back behind the ingress hook of nftables, so that nothing would hold off forged ones.
/// </remarks>
/// <param name="layout">Whose it is.</param>
/// <param name="host">A socket of the host's network namespace.</param>
/// <param name="maps">The maps.</param>
internal sealed class TrafficQueue(HostLayout layout, RouteSocket host, TrafficMaps maps)
{
    private const string Alias = "insula queue of rates";
    private const int LargestPacket = 65535;

    private string Front => $"{NameStem(layout)}0";

    private string Back => $"{NameStem(layout)}1";

    /// <summary>Puts a container's rates into force, in the place of others.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Set(RatePlan before, RatePlan wanted)
    {
        foreach (var key in before.Own.Keys.Where(key => !wanted.Own.ContainsKey(key)))
            Remove(key);
        if (wanted.Own.Count > 0)
        {
            var link = Ensure();
            foreach (var (key, terms) in wanted.Shares)
                Set(link, key, terms, isLeaf: false);
            foreach (var (key, terms) in wanted.Own)
                Set(link, key, terms, isLeaf: true);
        }
        RemoveUnused();
    }

    /// <summary>Forgets a container's rates.</summary>
    public void Forget(uint ctid)
    {
        foreach (var (key, _) in maps.Rates.ReadAll().Where(entry => entry.Key.Ctid == ctid))
            Remove(key);
        RemoveUnused();
    }

    /// <summary>True if the queue is not as it was made: somebody has deleted it, set it down, or given it another discipline.</summary>
    public bool IsLost => maps.State.TryGet(0, out var state) && state.Queue != 0 && !IsWhole(state);

    /// <summary>Makes the queue again if it is lost, with all rates.</summary>
    /// <returns>The number of rates in force again; 0 if nothing was missing.</returns>
    public int Restore()
    {
        if (!IsLost)
            return 0;
        Ensure();
        return maps.Rates.ReadAll().Count;
    }

    // What the front is called: two installations on one host have one each.
    private static string NameStem(HostLayout layout)
    {
        if (layout.RunDirectory == HostLayout.Default.RunDirectory)
            return "insula-q";
        var hash = 2166136261u;
        foreach (var letter in layout.RunDirectory)
            hash = unchecked((hash ^ letter) * 16777619u);
        return $"insq-{hash:x8}-";
    }

    private bool IsWhole(TrafficState state)
        => host.FindLink(Front) is { IsUp: true, Discipline: "htb" } front && front.Index == state.Queue && host.FindLink(Back) is { IsUp: true };

    // The index of the front. If somebody has taken it away, all rates are put into force again.
    private int Ensure()
    {
        maps.State.TryGet(0, out var state);
        if (state.Queue != 0 && IsWhole(state))
            return (int)state.Queue;
        if (host.FindLink(Front) is not null)
            host.DeleteLink(Front);
        host.CreateVeth(new VethEnd(Front, NoArp: true, Mtu: LargestPacket), new VethEnd(Back, NoArp: true, Mtu: LargestPacket), LinkNamespace.OfProcess(Environment.ProcessId));
        try
        {
            return Prepare(state);
        }
        catch
        {
            host.DeleteLink(Front);
            throw;
        }
    }

    private int Prepare(TrafficState state)
    {
        var (front, back) = (host.FindLink(Front)!.Index, host.FindLink(Back)!.Index);
        using (var program = BpfProgram.Load(BpfProgramType.LinkPacket, default, "insula_queue", TrafficQueueProgram.Write()))
            BpfLinkAttachment.Attach(host, back, program, leaving: false);
        host.AddShaping(front);
        foreach (var index in (int[])[front, back])
        {
            host.ChangeLink(index, new LinkChange { Alias = Alias });
            if (LinkSysctl.HasIPv6)
                host.SetIPv6AddressGeneration(index, IPv6AddressGeneration.None);
            host.ChangeLink(index, new LinkChange { Up = true });
        }
        var entries = maps.Rates.ReadAll();
        foreach (var (_, entry) in entries.OrderBy(entry => entry.Key.Ctid))
            host.SetShapingClass(front, entry.Class(isLeaf: entries.TrueForAll(other => other.Value.Parent != entry.Number)));
        maps.State.Set(0, state with { Queue = (uint)front });
        return front;
    }

    private void Set(int link, RateKey key, RateTerms terms, bool isLeaf)
    {
        var known = maps.Rates.TryGet(key, out var entry);
        uint parent = 0;
        if (terms.HasShare && maps.Rates.TryGet(key.Share, out var share))
            parent = share.Number;
        // A class keeps its parent for life.
        if (known && entry.Parent != parent)
        {
            host.DeleteShapingClass(link, entry.Number);
            known = false;
        }
        var wanted = new RateEntry(known ? entry.Number : FreeNumber(), parent, (uint)terms.Kilobits, (uint)terms.Ceiling, (uint)terms.Smallest);
        if (known && wanted == entry)
            return;
        host.SetShapingClass(link, wanted.Class(isLeaf));
        maps.Rates.Set(key, wanted);
    }

    private uint FreeNumber()
    {
        var taken = maps.Rates.ReadAll().Select(entry => entry.Value.Number).ToHashSet();
        for (uint number = 1; number <= ShapingClass.LargestNumber; number++)
        {
            if (!taken.Contains(number))
                return number;
        }
        throw new InsulaException(ExitCode.SetRate, $"There are more than {ShapingClass.LargestNumber} rates");
    }

    // The entry first: nothing more is diverted then.
    private void Remove(RateKey key)
    {
        if (!maps.Rates.TryGet(key, out var entry))
            return;
        maps.Rates.Remove(key);
        if (maps.State.TryGet(0, out var state) && state.Queue != 0)
            host.DeleteShapingClass((int)state.Queue, entry.Number);
    }

    // What all share goes with the last that shares it, the queue with the last rate.
    private void RemoveUnused()
    {
        var entries = maps.Rates.ReadAll();
        var used = entries.Select(entry => entry.Value.Parent).ToHashSet();
        foreach (var (key, _) in entries.Where(entry => entry.Key.Ctid == 0 && !used.Contains(entry.Value.Number)))
            Remove(key);
        if (!maps.Rates.IsEmpty || !maps.State.TryGet(0, out var state) || state.Queue == 0)
            return;
        maps.State.Set(0, state with { Queue = 0 });
        host.DeleteLink(Front);
    }
}
