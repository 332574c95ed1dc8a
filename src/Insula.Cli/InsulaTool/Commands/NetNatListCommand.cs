using Insula.Cli.Options;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetNatListCommand : InsulaCommand
{
    private static readonly Option Json = new("json", "Show JSON");

    public override string Name => "net nat list";

    public override string Summary => "Show which networks of containers are hidden behind addresses of the host";

    public override IReadOnlyList<Option> Options { get; } = [Json];

    public override int Run(InsulaCall call)
    {
        var all = ContainerSettings.Firewall(call).Nat();
        if (call.Arguments.Has(Json))
        {
            var json = new List<NetNatJson>();
            foreach (var one in all)
                json.Add(new NetNatJson(one.Network.ToString(), one.Uplink, one.To?.ToString()));
            ToolJson.Write(call.Output, json, ToolJson.Default.ListNetNatJson);
            return 0;
        }
        call.Output.WriteLine($"{"NETWORK",-24} {"UPLINK",-15} ADDRESS");
        foreach (var one in all)
            call.Output.WriteLine($"{one.Network,-24} {one.Uplink ?? "any",-15} {one.To?.ToString() ?? "of the link"}");
        return 0;
    }
}
