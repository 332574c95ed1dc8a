using Insula.Cli.Options;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetSetListCommand : InsulaCommand
{
    private static readonly Option Json = new("json", "Show JSON");

    public override string Name => "net set list";

    public override string Operands => "[SET]";

    public override string Summary => "Show address sets";

    public override IReadOnlyList<Option> Options { get; } = [Json];

    public override int MaximumOperands => 1;

    public override int Run(InsulaCall call)
    {
        var all = ContainerSettings.Firewall(call).Sets(call.Arguments.Operands.Count == 0 ? null : call.Arguments.Operands[0]);
        if (call.Arguments.Has(Json))
        {
            var json = new List<NetSetJson>();
            foreach (var (name, networks) in all)
                json.Add(new NetSetJson(name, [.. networks.Select(network => network.ToString())]));
            ToolJson.Write(call.Output, json, ToolJson.Default.ListNetSetJson);
            return 0;
        }
        call.Output.WriteLine($"{"SET",-20} NETWORKS");
        foreach (var (name, networks) in all)
            call.Output.WriteLine($"{name,-20} {string.Join(' ', networks)}".TrimEnd());
        return 0;
    }
}
