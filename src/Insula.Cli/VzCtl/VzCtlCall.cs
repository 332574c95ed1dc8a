using Insula.Cli.Options;
using Insula.Engine;
using Insula.Engine.Containers;

namespace Insula.Cli.VzCtl;

/// <summary>What a command is given to do its work.</summary>
internal sealed class VzCtlCall
{
    /// <summary>The container.</summary>
    public required Ctid Ctid { get; init; }

    /// <summary>The engine.</summary>
    public required IContainerEngine Engine { get; init; }

    /// <summary>Options, and the words after the container.</summary>
    public required ParsedArguments Arguments { get; init; }

    /// <summary>Standard output, for results (not for steps: those go to the reporter).</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Runs something without a result.</summary>
    public static int Done(Action action)
    {
        action();
        return (int)ExitCode.Ok;
    }
}
