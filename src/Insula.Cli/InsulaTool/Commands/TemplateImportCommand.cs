using Insula.Cli.Options;
using Insula.Engine.Templates;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class TemplateImportCommand : InsulaCommand
{
    private static readonly Option As = new("name", "Call the template so; without it the file's name is taken") { Argument = "NAME" };
    private static readonly Option Force = new("force", "Replace a template of that name");

    public override string Name => "template import";

    public override string Operands => "FILE|DIRECTORY";

    public override string Summary => "Make a template of an archive or a directory";

    public override IReadOnlyList<Option> Options { get; } = [As, Force];

    public override int OperandCount => 1;

    public override bool IsCancellable => true;

    public override int Run(InsulaCall call)
    {
        TemplateName? name = call.Arguments.ValueOf(As) is { } text ? TemplateName.Parse(text) : null;
        var template = call.OpenLayers().Cache.Import(call.Arguments.Operands[0], name, call.Arguments.Has(Force), call.ShowProgress);
        call.Reporter.Info($"Template {template.Name} was imported: {template.Path}, {SizeText.Of(template.Bytes)}");
        return 0;
    }
}
