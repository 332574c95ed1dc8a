using Insula.Engine.Containers;
using Insula.Linux.Launch;
using Insula.Linux.Processes;

namespace Insula.Engine.Beancounters.Bounds;

/// <summary>numpty: how many terminals the container's devpts has (mount option max=, Linux 4.10).</summary>
internal sealed class TerminalBound : IBound
{
    private const string MountPoint = "/dev/pts";
    private const long Most = 1 << 20; // NR_UNIX98_PTY_MAX

    /// <inheritdoc/>
    public IReadOnlyList<BeancounterResource> Resources { get; } = [BeancounterResources.Terminals];

    /// <summary>The value of max= for a container. 0 would mean that there is no bound (devpts_new_index): one is the least there can be.</summary>
    public static int MaximumOf(ContainerContext container)
        => (int)Math.Clamp(BeancounterBounds.Of(container.Config, BeancounterResources.Terminals).Barrier, 1, Most);

    /// <inheritdoc/>
    public void Apply(ContainerContext container, PidFd init)
    {
        // The plan of the first process mounts it with the right value.
    }

    /// <inheritdoc/>
    public void Change(ContainerContext container, PidFd init)
    {
        if (TerminalCount.TryRead(init.Pid) is null)
            throw new InsulaException(ExitCode.SetBeancounter, $"CT {container.Ctid} has no devpts at {MountPoint} any more", "restart the container");
        using var plan = new LaunchPlan();
        plan.AddJoinAll(init, CloneFlags.NewUser | CloneFlags.NewMount);
        // The others are said again, since the file system falls back to its defaults for what is not named.
        plan.AddReconfigure(MountPoint, [.. Isolation.TerminalOptions.Standard, ("max", $"{MaximumOf(container)}")]);
        LaunchedTask.Run(plan);
    }
}
