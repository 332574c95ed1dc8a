using Insula.Cli.Options;
using Insula.Engine.Containers;
using Insula.Engine.Network.Guard;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetCountersCommand : InsulaCommand
{
    private static readonly Option Json = new("json", "Show JSON");

    public override string Name => "net counters";

    public override string Operands => "[CTID|NAME]";

    public override string Summary => "Show what was dropped of what containers sent in somebody else's name";

    public override IReadOnlyList<string> Notes =>
    [
        "A row for each running container and reason: source (an IP address that is not its own), mac, arp, neighbour (IPv6 neighbour discovery), router (router advertisements and redirects), "
        + "dhcp (answers of a DHCP server), protocol (neither IP nor ARP, or a VLAN tag). Without --json, rows of nothing are left out. Counted since the container was started.",
    ];

    public override IReadOnlyList<Option> Options { get; } = [Json];

    public override int MaximumOperands => 1;

    public override int Run(InsulaCall call)
    {
        Ctid? wanted = call.Arguments.Operands.Count == 0 ? null : new ContainerStore(call.Global).Find(call.Arguments.Operands[0]);
        using var guard = NetworkGuard.TryOpenExisting();
        var counts = new List<GuardCount>();
        if (guard is null)
            call.Reporter.Warning("This kernel cannot guard links: nothing is dropped and nothing is counted; see insula check");
        else
            counts.AddRange(guard.Counts());
        counts.RemoveAll(count => wanted is { } ctid && count.Ctid != ctid);
        if (call.Arguments.Has(Json))
        {
            var json = new List<NetCounterJson>();
            foreach (var count in counts)
                json.Add(new NetCounterJson(count.Ctid.Value, count.ReasonName, count.Packets, count.Bytes));
            ToolJson.Write(call.Output, json, ToolJson.Default.ListNetCounterJson);
            return 0;
        }
        call.Output.WriteLine($"{"CTID",10} {"REASON",-10} {"PACKETS",12} {"BYTES",14}");
        foreach (var count in counts)
        {
            if (count.Packets > 0)
                call.Output.WriteLine($"{count.Ctid,10} {count.ReasonName,-10} {count.Packets,12} {count.Bytes,14}");
        }
        return 0;
    }
}
