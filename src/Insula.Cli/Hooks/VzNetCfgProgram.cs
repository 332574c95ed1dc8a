namespace Insula.Cli.Hooks;

/// <summary><c>vznetcfg init veth LINK</c>: sets up the host's end of a container's interface, or leaves that to EXTERNAL_SCRIPT of vznet.conf.</summary>
internal static class VzNetCfgProgram
{
    /// <summary>Runs vznetcfg.</summary>
    /// <param name="words">The arguments.</param>
    /// <param name="host">The process around it.</param>
    public static int Run(IReadOnlyList<string> words, CliHost host)
        => LinkHookProgram.Run("vznetcfg", words, host, (hooks, link) => hooks.SetUp(link, LinkHookProgram.Container));
}
