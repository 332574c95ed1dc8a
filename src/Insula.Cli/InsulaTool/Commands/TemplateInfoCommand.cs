using System.Globalization;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine.Templates;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class TemplateInfoCommand : InsulaCommand
{
    private static readonly Option Json = new("json", "Show JSON");

    public override string Name => "template info";

    public override string Operands => "NAME";

    public override string Summary => "Show all that is known about a template";

    public override IReadOnlyList<Option> Options { get; } = [Json];

    public override int OperandCount => 1;

    public override int Run(InsulaCall call)
    {
        var details = call.OpenLayers().Cache.Info(call.Template, call.PrivateAreas());
        var compression = details.Compression.ToString().ToLowerInvariant();
        if (call.Arguments.Has(Json))
        {
            var json = new TemplateDetailsJson(TemplateJson.From(details.Template), compression, details.Layer);
            ToolJson.Write(call.Output, json, ToolJson.Default.TemplateDetailsJson);
            return 0;
        }
        Show(call.Output, details, compression);
        return 0;
    }

    private static void Show(TextWriter output, TemplateDetails details, string compression)
    {
        var template = details.Template;
        Line(output, "Name", template.Name.Value);
        Line(output, "Archive", template.Path);
        Line(output, "Size", $"{SizeText.Of(template.Bytes)}, compression: {compression}");
        Line(output, "Modified", template.Modified.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture));
        Line(output, "Digest", template.Digest?.ToString() ?? "not known before it is used");
        Line(output, "Containers", template.Users.ToString(CultureInfo.InvariantCulture));
        if (details.Layer is not { } layer)
        {
            Line(output, "Unpacked", template.Unpacked ? "yes" : "no");
            return;
        }
        Line(output, "Unpacked", layer.Unpacked.ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture));
        Line(output, "Content", $"{layer.Entries} entries, {SizeText.Of(layer.UnpackedBytes)}");
        Line(output, "Left out", $"{layer.SkippedDevices} devices, {layer.SkippedAttributes} attributes; {layer.RemappedOwners} owners changed");
    }

    private static void Line(TextWriter output, string what, string value) => output.WriteLine($"{what + ":",-12} {PlainText.OneLine(value)}");
}
