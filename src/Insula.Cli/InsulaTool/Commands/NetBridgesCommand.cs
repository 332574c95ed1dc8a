using Insula.Engine.Network.Bridges;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetBridgesCommand : InsulaCommand
{
    public override string Name => "net bridges";

    public override string Summary => "List the host's bridges and what is attached to them";

    public override int Run(InsulaCall call)
    {
        call.Output.WriteLine($"{"BRIDGE",-15} {"STATE",-5} LINKS");
        foreach (var (name, isUp, ports) in new BridgeCommands(call.Global.Bridges).List())
            call.Output.WriteLine($"{name,-15} {(isUp ? "up" : "down"),-5} {string.Join(' ', ports)}".TrimEnd());
        return 0;
    }
}
