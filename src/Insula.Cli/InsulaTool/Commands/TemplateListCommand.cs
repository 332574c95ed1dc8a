using System.Globalization;
using Insula.Cli.Options;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class TemplateListCommand : InsulaCommand
{
    private static readonly Option Json = new("json", "Show JSON");

    public override string Name => "template list";

    public override string Summary => "List the templates";

    public override IReadOnlyList<Option> Options { get; } = [Json];

    public override int Run(InsulaCall call)
    {
        var templates = call.OpenLayers().Cache.List(call.PrivateAreas());
        if (call.Arguments.Has(Json))
        {
            var json = new List<TemplateJson>();
            foreach (var template in templates)
                json.Add(TemplateJson.From(template));
            ToolJson.Write(call.Output, json, ToolJson.Default.ListTemplateJson);
            return 0;
        }
        if (templates.Count == 0)
        {
            call.Reporter.Info("There are no templates; make one: insula template create debian-13");
            return 0;
        }
        call.Output.WriteLine($"{"NAME",-32} {"SIZE",10} {"UNPACKED",-8} {"CONTAINERS",10} MODIFIED");
        foreach (var template in templates)
        {
            var modified = template.Modified.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            call.Output.WriteLine($"{template.Name.Value,-32} {SizeText.Of(template.Bytes),10} {(template.Unpacked ? "yes" : "no"),-8} {template.Users,10} {modified}");
        }
        return 0;
    }
}
