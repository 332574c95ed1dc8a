using Insula.Cli.Options;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetForwardListCommand : InsulaCommand
{
    private static readonly Option Json = new("json", "Show JSON");

    public override string Name => "net forward list";

    public override string Operands => "[CTID|NAME]";

    public override string Summary => "Show which ports of the host lead to containers";

    public override IReadOnlyList<Option> Options { get; } = [Json];

    public override int MaximumOperands => 1;

    public override int Run(InsulaCall call)
    {
        var all = ContainerSettings.Firewall(call).Forwards(ContainerSettings.Only(call));
        if (call.Arguments.Has(Json))
        {
            var json = new List<NetForwardJson>();
            foreach (var one in all)
            {
                json.Add(new NetForwardJson(
                    one.Ctid.Value, one.Forward.Protocol.ToString(), one.Forward.HostPorts.ToString(), one.Forward.Address?.ToString(), one.Forward.Ports.ToString(),
                    [.. one.Targets.Select(target => target.ToString())]));
            }
            ToolJson.Write(call.Output, json, ToolJson.Default.ListNetForwardJson);
            return 0;
        }
        call.Output.WriteLine($"{"CTID",10} {"PROTOCOL",-8} {"HOST",-28} {"PORT",-11} ADDRESSES");
        foreach (var one in all)
        {
            var host = $"{(one.Forward.Address is { } address ? $"{address} " : "")}{one.Forward.HostPorts}";
            call.Output.WriteLine($"{one.Ctid,10} {one.Forward.Protocol,-8} {host,-28} {one.Forward.Ports,-11} {string.Join(' ', one.Targets)}".TrimEnd());
        }
        return 0;
    }
}
