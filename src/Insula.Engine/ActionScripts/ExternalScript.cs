using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Network.Interfaces;

namespace Insula.Engine.ActionScripts;

/// <summary>
/// The administrator's program for new links: EXTERNAL_SCRIPT of vznet.conf beside vz.conf, which OpenVZ's vznetcfg calls as
/// <c>PROGRAM init veth veth101.0</c>. It attaches the link where he wants it.
/// </summary>
internal static class ExternalScript
{
    /// <summary>The variable that has the interface as NETIF will have it: when the program runs, the configuration file may not yet.</summary>
    public const string InterfaceVariable = "VE_NETIF";

    /// <summary>Runs it for an interface, if there is one.</summary>
    /// <exception cref="InsulaException">79: it failed.</exception>
    public static void Run(ContainerContext container, NetworkInterface of)
        => TryRun(container.Engine, container.Ctid, of.HostName!, $"{InterfaceVariable}={InterfaceText.Format(of)}");

    /// <summary>Runs it for a link.</summary>
    /// <returns>False if there is none.</returns>
    /// <exception cref="InsulaException">79: it failed.</exception>
    public static bool TryRun(EngineContext engine, Ctid ctid, string link, params IReadOnlyList<string> environment)
    {
        var path = Path.Combine(engine.Layout.ConfigDirectory, "vznet.conf");
        if (!File.Exists(path) || ConfigFile.Load(path).Get("EXTERNAL_SCRIPT") is not { Length: > 0 } program)
            return false;
        if (!File.Exists(program))
        {
            engine.Reporter.Warning($"EXTERNAL_SCRIPT in {path} names {program}, which does not exist");
            return true;
        }
        var code = HostScript.Run(
            program,
            [
                Execution.ProgramRunner.PathVariable, "HOME=/", $"VEID={ctid}", $"VE_CONFFILE={engine.Store.ConfigPath(ctid)}",
                $"{Host.HostLayout.ConfigDirectoryVariable}={engine.Layout.ConfigDirectory}", .. environment,
            ],
            "init", "veth", link);
        return code == 0 ? true : throw new InsulaException(ExitCode.ActionScript, $"{program} init veth {link} exited with {code}");
    }
}
