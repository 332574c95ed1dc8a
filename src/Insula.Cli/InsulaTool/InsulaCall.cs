using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Templates;

namespace Insula.Cli.InsulaTool;

/// <summary>What a command is given to do its work.</summary>
internal sealed class InsulaCall
{
    /// <summary>The process around it.</summary>
    public required CliHost Host { get; init; }

    /// <summary>Options and operands.</summary>
    public required ParsedArguments Arguments { get; init; }

    /// <summary>Where steps, warnings and progress go.</summary>
    public required ConsoleReporter Reporter { get; init; }

    /// <summary>Cancelled when the user asks to end.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Standard output, for results.</summary>
    public TextWriter Output => Host.Output;

    /// <summary>vz.conf.</summary>
    public GlobalConfig Global => Host.Global;

    /// <summary>The template that the first operand names.</summary>
    public TemplateName Template => TemplateName.Parse(Arguments.Operands[0]);

    /// <summary>The unpacked templates, and with them the archives.</summary>
    public LayerStore OpenLayers() => new(Global.Layout);

    /// <summary>The private areas of all containers, which say what layers they use.</summary>
    public IEnumerable<string> PrivateAreas()
    {
        var store = new ContainerStore(Global);
        foreach (var ctid in store.List())
        {
            if (store.TryLoad(ctid) is { } config)
                yield return config.PrivateDirectory;
        }
    }

    /// <summary>Shows how far an operation on a template has come, and ends it when the user has asked to.</summary>
    public void ShowProgress(TemplateProgress progress)
    {
        Cancellation.ThrowIfCancellationRequested();
        var stage = progress.Stage switch
        {
            TemplateStage.Reading => "Reading the archive",
            TemplateStage.Unpacking => "Unpacking",
            TemplateStage.Downloading => "Downloading packages",
            TemplateStage.Configuring => "Configuring",
            TemplateStage.Cleaning => "Cleaning",
            TemplateStage.Packing => "Packing",
            _ => "Verifying",
        };
        // A terminal shows every detail in the same place; a file gets a line per stage.
        var what = Host.IsTerminal && progress.Text.Length > 0 ? $"{stage}: {progress.Text}" : stage;
        Reporter.Progress(what, progress.Done, progress.Total);
    }
}
