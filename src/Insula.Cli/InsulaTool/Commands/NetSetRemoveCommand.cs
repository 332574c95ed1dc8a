using Insula.Cli.Options;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetSetRemoveCommand : InsulaCommand
{
    public override string Name => "net set remove";

    public override string Operands => "SET [NETWORK...]";

    public override string Summary => "Take networks out of an address set, or without any the set away";

    public override int OperandCount => 1;

    public override int MaximumOperands => int.MaxValue;

    public override int Run(InsulaCall call)
    {
        ContainerSettings.Firewall(call).RemoveFromSet(call.Arguments.Operands[0], Words.After(call.Arguments.Operands, 1));
        return 0;
    }
}
