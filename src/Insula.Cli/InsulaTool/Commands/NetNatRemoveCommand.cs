using Insula.Engine.Network.Firewall;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetNatRemoveCommand : InsulaCommand
{
    public override string Name => "net nat remove";

    public override string Operands => "NETWORK";

    public override string Summary => "Do not hide a network of containers any more";

    public override int OperandCount => 1;

    public override int Run(InsulaCall call)
    {
        ContainerSettings.Firewall(call).RemoveNat(NatRule.ParseNetwork(call.Arguments.Operands[0]));
        return 0;
    }
}
