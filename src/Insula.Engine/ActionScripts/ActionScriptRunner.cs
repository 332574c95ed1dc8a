using Insula.Engine.Containers;
using Insula.Engine.Host;

namespace Insula.Engine.ActionScripts;

/// <summary>
/// Runs the administrator's scripts around a container's life, those of the host and those of one container, from the directory
/// of container configurations. A script that is not there is none; one that fails ends the operation with code 79.
/// </summary>
/// <param name="layout">Where things are.</param>
/// <param name="reporter">Told of scripts that are passed over.</param>
/// <param name="runInContainer">
/// Gives a script, as bytes, to a shell in the container and returns its exit code. Asked only when there is one.
/// </param>
public sealed class ActionScriptRunner(HostLayout layout, IReporter reporter, Func<Ctid, byte[], int> runInContainer)
{
    /// <summary>Runs the scripts of a moment, one after the other.</summary>
    /// <exception cref="InsulaException">ActionScript: one failed, or anybody but root could have written it. The rest did not run.</exception>
    public void Run(ActionMoment moment, Ctid ctid)
    {
        foreach (var script in ActionScript.Of(moment, layout.ContainerConfigDirectory, ctid.ToString()))
            RunIfThere(script, ctid);
    }

    /// <summary>True if there is anything to run at a moment; cheap, for a caller who would have to prepare for it.</summary>
    public bool HasScripts(ActionMoment moment, Ctid ctid)
    {
        foreach (var script in ActionScript.Of(moment, layout.ContainerConfigDirectory, ctid.ToString()))
        {
            if (File.Exists(script.Path))
                return true;
        }
        return false;
    }

    private void RunIfThere(ActionScript script, Ctid ctid)
    {
        using var file = TrustedScript.TryOpen(script.Path, "Action script");
        if (file == null)
            return;
        int code;
        if (script.InContainer)
        {
            code = runInContainer(ctid, file.Read());
        }
        else if (!file.IsExecutable)
        {
            reporter.Warning($"Action script {script.Path} is not executable and was not run");
            return;
        }
        else
        {
            code = HostScript.Run(script.Path, Environment(ctid));
        }
        if (code != 0)
            throw new InsulaException(ExitCode.ActionScript, $"Action script {script.Path} of container {ctid} failed with code {code}");
    }

    // Exactly these, as the old tools; a script that wants more sources vz.conf and $VE_CONFFILE.
    private string[] Environment(Ctid ctid) =>
    [
        $"VEID={ctid}",
        $"VE_CONFFILE={Path.Combine(layout.ContainerConfigDirectory, $"{ctid}.conf")}",
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME=/",
        $"TERM={System.Environment.GetEnvironmentVariable("TERM") ?? "linux"}",
    ];
}
