using Insula.Engine;
using Insula.Engine.Containers;
using Insula.Engine.Network.Traffic;
using Insula.Linux.Netlink;

namespace Insula.Cli.Tests;

/// <summary>Traffic of containers 101, named web, and 102; what is asked for is written down.</summary>
internal sealed class FakeTraffic : ITrafficEngine
{
    public List<string> Calls { get; } = [];

    public List<NetworkClass> Known { get; } = [new(1, IpAddress.Parse("0.0.0.0"), 0), new(2, IpAddress.Parse("192.0.2.0"), 24), new(5, IpAddress.Parse("2001:db8::"), 32)];

    public Ctid Resolve(string idOrName)
        => idOrName == "web" ? new Ctid(101) : Ctid.TryParse(idOrName, out var ctid) ? ctid : throw new InsulaException(ExitCode.BadValue, $"Bad CT ID {idOrName}");

    public IReadOnlyList<(Ctid Ctid, TrafficTable Traffic)> ReadAll() => [(new Ctid(101), Read(new Ctid(101))), (new Ctid(102), Read(new Ctid(102)))];

    public TrafficTable Read(Ctid ctid)
    {
        var table = new TrafficTable();
        if (ctid.Value != 101)
            return table;
        table[1, TrafficFamily.IPv4, TrafficDirection.In] = new TrafficCount(5_000_000_000, 4_000_000);
        table[1, TrafficFamily.IPv4, TrafficDirection.Out] = new TrafficCount(3000, 30);
        table[1, TrafficFamily.IPv6, TrafficDirection.Out] = new TrafficCount(700, 7);
        table[9, TrafficFamily.IPv6, TrafficDirection.In] = new TrafficCount(48, 1);
        return table;
    }

    public void Reset(Ctid? ctid) => Calls.Add($"reset {ctid}");

    public IReadOnlyList<NetworkClass> Classes() => Known;

    public void LoadClasses(string? file) => Calls.Add($"load {file}");

    public void UnloadClasses() => Calls.Add("unload");
}
