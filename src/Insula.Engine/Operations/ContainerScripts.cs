using Insula.Engine.Containers;
using Insula.Engine.Execution;
using Insula.Linux.Processes;

namespace Insula.Engine.Operations;

/// <summary>The administrator's scripts that run in the container: before its init starts, and before it stops.</summary>
internal enum ContainerAction
{
    /// <summary>CTID.start.</summary>
    Start,

    /// <summary>CTID.stop.</summary>
    Stop,
}

/// <summary>Runs CTID.start and CTID.stop inside; the files are the host's.</summary>
internal sealed class ContainerScripts(ContainerContext container)
{
    /// <summary>True if there is such a script.</summary>
    public bool Exists(ContainerAction action) => File.Exists(PathOf(action));

    /// <summary>Runs it if there is one.</summary>
    /// <exception cref="InsulaException">79: it failed.</exception>
    public void Run(ContainerAction action, PidFd init)
    {
        var path = PathOf(action);
        if (!File.Exists(path))
            return;
        ActionScripts.ScriptFile.RequireTrusted(path);
        var code = new ProgramRunner(container, init).RunScript(File.ReadAllBytes(path));
        if (code != 0)
            throw new InsulaException(ExitCode.ActionScript, $"Error executing action script {path}: it exited with {code}");
    }

    private string PathOf(ContainerAction action)
        => container.Engine.Store.ActionScriptPath(container.Ctid, action == ContainerAction.Start ? "start" : "stop");
}
