using Insula.Cli.Output;
using Insula.Engine.Containers;
using Insula.Engine.Parts;

namespace Insula.Cli.Hooks;

/// <summary><c>vzifup-post LINK</c>: after a link of the host has come up, answers there for the addresses of containers again and announces them.</summary>
internal static class VzIfUpPostProgram
{
    private const int Usage = 1;

    /// <summary>Runs vzifup-post.</summary>
    /// <param name="words">The arguments.</param>
    /// <param name="host">The process around it.</param>
    public static int Run(IReadOnlyList<string> words, CliHost host)
    {
        if (words is not [var link])
        {
            host.Error.WriteLine("Usage: vzifup-post LINK");
            return Usage;
        }
        using var reporter = new ConsoleReporter(host.Output, host.Error, quiet: false, host.IsTerminal);
        return ErrorGuard.Run(reporter, () => 0, () =>
        {
            RootCheck.Demand(host, "vzifup-post");
            NetworkPart.Announce(new EngineContext(host.Global, reporter), link);
            return 0;
        });
    }
}
