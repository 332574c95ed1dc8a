using Insula.Cli.Output;
using Insula.Engine.Containers;

namespace Insula.Cli.VzCtl.Commands;

internal sealed class MonitorCommand : VzCtlCommand
{
    public override string Name => "monitor";

    public override string Summary => "Show what happens to a container, or with 0 to all, until interrupted";

    public override IReadOnlyList<string> Notes => ["The events are insulad's; it must run. insula events shows them as JSON too, and earlier ones."];

    public override bool AllowsHost => true;

    public override int Run(VzCtlCall call)
    {
        var containers = new HashSet<Ctid>();
        if (!call.Ctid.IsHost)
            containers.Add(call.Ctid);
        foreach (var item in call.Engine.ReadEvents(null, containers))
        {
            call.Output.WriteLine(PlainText.OneLine(item.ToString()));
            call.Output.Flush();
        }
        return 0;
    }
}
