using Insula.Cli.Output;
using Insula.Engine;
using Insula.Engine.Templates;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class TemplateVerifyCommand : InsulaCommand
{
    public override string Name => "template verify";

    public override string Operands => "NAME";

    public override string Summary => "Check that a template's archive and its unpacked files are what they were";

    public override int OperandCount => 1;

    public override bool IsCancellable => true;

    public override int Run(InsulaCall call)
    {
        var result = call.OpenLayers().Cache.Verify(call.Template, call.ShowProgress);
        Show(call, result);
        if (!result.IsGood)
            throw new InsulaException(ExitCode.BadTemplate, $"Template {call.Template} is damaged", "Remove it and make or import it again");
        call.Reporter.Info($"Template {call.Template} is good: {result.Entries} entries, digest {result.Digest}");
        return 0;
    }

    private static void Show(InsulaCall call, TemplateVerification result)
    {
        if (result.Damage is { } damage)
            call.Reporter.Error($"The archive cannot be read: {damage}");
        if (result.Recorded is { } recorded && recorded != result.Digest)
            call.Reporter.Error($"The archive has changed: its digest was {recorded} and is {result.Digest}");
        foreach (var difference in result.Layer?.Differences ?? [])
            call.Output.WriteLine(PlainText.OneLine($"{difference.Kind.ToString().ToLowerInvariant()} {difference.Path} {difference.What}".TrimEnd()));
    }
}
