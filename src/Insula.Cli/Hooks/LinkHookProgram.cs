using Insula.Cli.Output;
using Insula.Engine.Containers;
using Insula.Engine.Network;

namespace Insula.Cli.Hooks;

/// <summary>What the programs for new links have in common: <c>PROGRAM init veth LINK</c>, with the container's number in VEID.</summary>
internal static class LinkHookProgram
{
    private const int Usage = 1;

    /// <summary>VEID.</summary>
    public static string? Container => Environment.GetEnvironmentVariable("VEID");

    /// <summary>Runs one of them.</summary>
    /// <returns>1 if the command line is wrong.</returns>
    public static int Run(string name, IReadOnlyList<string> words, CliHost host, Action<LinkHooks, string> use)
    {
        if (words is not ["init", "veth", var link])
        {
            host.Error.WriteLine($"Usage: {name} init veth LINK");
            return Usage;
        }
        using var reporter = new ConsoleReporter(host.Output, host.Error, quiet: false, host.IsTerminal);
        return ErrorGuard.Run(reporter, () => 0, () =>
        {
            RootCheck.Demand(host, name);
            use(new LinkHooks(new EngineContext(host.Global, reporter)), link);
            return 0;
        });
    }
}
