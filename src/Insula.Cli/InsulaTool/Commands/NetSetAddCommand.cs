using Insula.Cli.Options;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetSetAddCommand : InsulaCommand
{
    public override string Name => "net set add";

    public override string Operands => "SET NETWORK...";

    public override string Summary => "Add networks to an address set, which rules refer to as @SET; the set is made if there is none";

    public override IReadOnlyList<string> Notes => ["NETWORK is an IPv4 or IPv6 address or network: 192.0.2.0/24, 2001:db8::7. Rules that refer to the set follow at once. The sets are in address-sets.conf beside vz.conf."];

    public override int OperandCount => 2;

    public override int MaximumOperands => int.MaxValue;

    public override int Run(InsulaCall call)
    {
        ContainerSettings.Firewall(call).AddToSet(call.Arguments.Operands[0], Words.After(call.Arguments.Operands, 1));
        return 0;
    }
}
