using Insula.Cli.Options;
using Insula.Engine;
using Insula.Engine.Network;
using Insula.Engine.Network.Bridges;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetAddBridgeCommand : InsulaCommand
{
    private static readonly Option Uplink = new("uplink", "Attach this link of the host, which has no address") { Argument = "LINK" };
    private static readonly Option Address = new("address", "Give the host an address on the bridge; may be repeated") { Argument = "ADDRESS/MASK" };
    private static readonly Option VlanAware = new("vlan-aware", "Keep VLANs apart, so that interfaces can be put into one (--vlan)");

    public override string Name => "net add-bridge";

    public override string Operands => "BRIDGE";

    public override string Summary => "Make a bridge for containers' interfaces";

    public override IReadOnlyList<string> Notes => ["It lasts until the host is restarted. One that is named in BRIDGES of vz.conf is made when a container needs it."];

    public override IReadOnlyList<Option> Options { get; } = [Uplink, Address, VlanAware];

    public override int OperandCount => 1;

    public override int Run(InsulaCall call)
    {
        var addresses = new List<IpPrefix>();
        foreach (var text in call.Arguments.ValuesOf(Address))
            addresses.Add(IpPrefix.Parse(text));
        var wanted = new BridgeSettings(InterfaceName.Parse(call.Arguments.Operands[0]).Value)
        {
            Uplink = call.Arguments.ValueOf(Uplink) is { } uplink ? InterfaceName.Parse(uplink).Value : null,
            Addresses = addresses,
            VlanAware = call.Arguments.Has(VlanAware),
        };
        using var undo = new UndoStack(call.Reporter.Error);
        new BridgeCommands(call.Global.Bridges).Add(wanted, undo);
        undo.Commit();
        call.Reporter.Info($"made bridge {wanted.Name}");
        return 0;
    }
}
