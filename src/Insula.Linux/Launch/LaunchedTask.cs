namespace Insula.Linux.Launch;

/// <summary>A plan that runs no program: a few calls in other namespaces, then the child ends.</summary>
public static class LaunchedTask
{
    /// <summary>Runs it to its end.</summary>
    /// <exception cref="Syscalls.LinuxException">A step failed.</exception>
    public static void Run(LaunchPlan plan)
    {
        using var child = Launcher.Start(plan, CloneFlags.None);
        var ended = false;
        try
        {
            child.AwaitExec();
            ended = true;
        }
        finally
        {
            if (!ended)
                child.KillAndReap();
        }
        child.PidFd.Wait();
    }
}
