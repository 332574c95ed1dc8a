namespace Insula.Cli.Hooks;

/// <summary><c>vznetaddbr init veth LINK</c>, mostly as EXTERNAL_SCRIPT of vznet.conf: attaches the host's end of a container's interface to a bridge.</summary>
internal static class VzNetAddBrProgram
{
    private const string InterfaceVariable = "VE_NETIF";

    /// <summary>Runs vznetaddbr.</summary>
    /// <param name="words">The arguments.</param>
    /// <param name="host">The process around it.</param>
    public static int Run(IReadOnlyList<string> words, CliHost host)
        => LinkHookProgram.Run("vznetaddbr", words, host, (hooks, link) =>
        {
            if (hooks.Attach(link, LinkHookProgram.Container, Environment.GetEnvironmentVariable(InterfaceVariable)) is { } bridge)
                host.Output.WriteLine($"Adding interface {link} to bridge {bridge}");
        });
}
