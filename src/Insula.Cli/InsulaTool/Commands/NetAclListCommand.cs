using Insula.Cli.Options;
using Insula.Engine.Network.Firewall;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetAclListCommand : InsulaCommand
{
    private static readonly Option Json = new("json", "Show JSON");

    public override string Name => "net acl list";

    public override string Operands => "[CTID|NAME]";

    public override string Summary => "Show the rules for containers' packets, and what they have counted";

    public override IReadOnlyList<string> Notes =>
    [
        "A row for each rule, and one for each policy that is not allow. What a rule has counted goes on as long as the container runs, also when other rules come and go. "
        + "Of packets within a connection that was allowed only the first is counted.",
    ];

    public override IReadOnlyList<Option> Options { get; } = [Json];

    public override int MaximumOperands => 1;

    public override int Run(InsulaCall call)
    {
        var all = ContainerSettings.Firewall(call).Acl(ContainerSettings.Only(call));
        if (call.Arguments.Has(Json))
        {
            var json = new List<NetAclJson>();
            foreach (var one in all)
                json.Add(NetAclJson.From(one));
            ToolJson.Write(call.Output, json, ToolJson.Default.ListNetAclJson);
            return 0;
        }
        call.Output.WriteLine($"{"CTID",10} {"RULE",6} {"PACKETS",12} {"BYTES",14}  WHAT");
        foreach (var one in all)
        {
            for (var i = 0; i < one.Rules.Count; i++)
                Row(call, one, $"{i + 1}", one.Rules[i].Count, one.Rules[i].Rule.ToString());
            if (!one.Policy.Allows(AclDirection.In))
                Row(call, one, "policy", one.DeniedIn, $"in deny{(one.Policy.LogsDenied == true ? " log" : "")}");
            if (!one.Policy.Allows(AclDirection.Out))
                Row(call, one, "policy", one.DeniedOut, $"out deny{(one.Policy.LogsDenied == true ? " log" : "")}");
            if (one.ConnectionLimit > 0)
                Row(call, one, "limit", one.BeyondLimit, $"connections over {one.ConnectionLimit} each way");
        }
        return 0;
    }

    private static void Row(InsulaCall call, AclListing one, string rule, AclCount count, string what)
        => call.Output.WriteLine($"{one.Ctid,10} {rule,6} {count.Packets,12} {count.Bytes,14}  {what}");
}
