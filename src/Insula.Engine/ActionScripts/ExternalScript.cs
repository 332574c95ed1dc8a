using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Linux.Syscalls;

namespace Insula.Engine.ActionScripts;

/// <summary>
/// The administrator's program for new links: EXTERNAL_SCRIPT of vznet.conf beside vz.conf, which OpenVZ's vznetcfg calls as
/// <c>PROGRAM init veth veth101.0</c>. It attaches the link where he wants it.
/// </summary>
internal static class ExternalScript
{
    /// <summary>Runs it, if there is one.</summary>
    /// <exception cref="InsulaException">79: it failed.</exception>
    public static void Run(ContainerContext container, string link)
    {
        var path = Path.Combine(container.Engine.Layout.ConfigDirectory, "vznet.conf");
        if (!File.Exists(path) || ConfigFile.Load(path).Get("EXTERNAL_SCRIPT") is not { Length: > 0 } program)
            return;
        if (!File.Exists(program))
        {
            container.Engine.Reporter.Warning($"EXTERNAL_SCRIPT in {path} names {program}, which does not exist");
            return;
        }
        var code = HostScript.Run(
            program,
            [Execution.ProgramRunner.PathVariable, "HOME=/", $"VEID={container.Ctid}", $"VE_CONFFILE={container.Engine.Store.ConfigPath(container.Ctid)}"],
            "init", "veth", link);
        if (code != 0)
            throw new InsulaException(ExitCode.ActionScript, $"{program} init veth {link} exited with {code}");
    }
}
