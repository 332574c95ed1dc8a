using Insula.Engine.Network;
using Insula.Engine.Network.Bridges;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetRemoveBridgeCommand : InsulaCommand
{
    public override string Name => "net remove-bridge";

    public override string Operands => "BRIDGE";

    public override string Summary => "Remove a bridge to which no container is attached";

    public override int OperandCount => 1;

    public override int Run(InsulaCall call)
    {
        var name = InterfaceName.Parse(call.Arguments.Operands[0]).Value;
        new BridgeCommands(call.Global.Bridges).Remove(name);
        call.Reporter.Info($"removed bridge {name}");
        return 0;
    }
}
