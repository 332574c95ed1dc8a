using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;

namespace Insula.Cli.Planning;

/// <summary>A call of a planning tool.</summary>
/// <param name="Host">The process around it.</param>
/// <param name="Arguments">Its command line.</param>
/// <param name="Reporter">Who tells the user.</param>
internal sealed record PlanningCall(CliHost Host, ParsedArguments Arguments, ConsoleReporter Reporter)
{
    /// <summary>Standard output.</summary>
    public TextWriter Output => Host.Output;

    /// <summary>True if JSON is wanted.</summary>
    public bool IsJson => Arguments.Has(PlanningProgram.Json);

    /// <summary>vz.conf.</summary>
    /// <exception cref="Engine.InsulaException">10: it cannot be read.</exception>
    public GlobalConfig Global => Host.Global;

    /// <summary>The configured containers.</summary>
    public ContainerStore Store => new(Global);

    /// <summary>vz.conf, or null where there is none: a file can be looked at anywhere.</summary>
    public GlobalConfig? GlobalIfAny => File.Exists(Path.Combine(Host.ConfigDirectory, "vz.conf")) ? Global : null;
}
