namespace Insula.Cli.InsulaTool.Commands;

internal sealed class TemplateRemoveCommand : InsulaCommand
{
    public override string Name => "template remove";

    public override string Operands => "NAME";

    public override string Summary => "Remove a template that no container uses";

    public override int OperandCount => 1;

    public override int Run(InsulaCall call)
    {
        call.OpenLayers().Cache.Remove(call.Template, call.PrivateAreas);
        call.Reporter.Info($"Template {call.Template} was removed");
        return 0;
    }
}
