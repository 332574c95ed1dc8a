using Insula.Cli.Options;
using Insula.Engine.Network;
using Insula.Engine.Network.Firewall;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetNatAddCommand : InsulaCommand
{
    private static readonly Option Uplink = new("uplink", "Only what leaves the host by this link") { Argument = "LINK" };
    private static readonly Option To = new("to", "Give it this address of the host; without, the one on the link that it leaves by") { Argument = "ADDRESS" };

    public override string Name => "net nat add";

    public override string Operands => "NETWORK";

    public override string Summary => "Let containers with addresses of a private network reach others by an address of the host";

    public override IReadOnlyList<string> Notes => ["Between containers addresses stay as they are. It is stored in vz.conf (NAT) and holds at once for running containers."];

    public override IReadOnlyList<Option> Options { get; } = [Uplink, To];

    public override int OperandCount => 1;

    public override int Run(InsulaCall call)
    {
        var network = NatRule.ParseNetwork(call.Arguments.Operands[0]);
        ContainerSettings.Firewall(call).AddNat(new NatRule(network)
        {
            Uplink = call.Arguments.ValueOf(Uplink) is { } uplink ? InterfaceName.Parse(uplink).Value : null,
            To = call.Arguments.ValueOf(To) is { } address ? NatRule.ParseAddress(address, network.Family) : null,
        });
        return 0;
    }
}
