using System.Globalization;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters.Bounds;

/// <summary>shmpages: System V segments by kernel.shmall of the container's IPC namespace, and the tmpfs at /dev/shm by its size=.</summary>
internal sealed class SharedMemoryBound : IBound
{
    private const string AllFile = "/proc/sys/kernel/shmall";
    private const string LargestFile = "/proc/sys/kernel/shmmax";
    private const string MountPoint = "/dev/shm";
    private const string DefaultSize = "50%"; // tmpfs(5)

    /// <inheritdoc/>
    public IReadOnlyList<BeancounterResource> Resources { get; } = [BeancounterResources.SharedMemory];

    /// <summary>size= of /dev/shm.</summary>
    public static string SizeOf(ContainerContext container)
    {
        var pages = Barrier(container);
        // 0 would mean "no bound" to tmpfs.
        return pages == BarrierLimit.Unlimited ? DefaultSize : Math.Max(1, Bytes(pages)).ToString(CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public void Apply(ContainerContext container, PidFd init)
    {
        if (Barrier(container) != BarrierLimit.Unlimited)
            SetSegments(container, init);
    }

    /// <inheritdoc/>
    public void Change(ContainerContext container, PidFd init)
    {
        SetSegments(container, init);
        if (!IsTmpfs(init.Pid))
            throw new InsulaException(ExitCode.SetBeancounter, $"CT {container.Ctid} has no tmpfs at {MountPoint} any more", "restart the container");
        using var plan = new LaunchPlan();
        plan.AddJoinAll(init, CloneFlags.NewUser | CloneFlags.NewMount);
        plan.AddReconfigure(MountPoint, ("size", SizeOf(container)));
        try
        {
            LaunchedTask.Run(plan);
        }
        catch (LinuxException error) when (error.Errno == Errno.EINVAL)
        {
            throw new InsulaException(
                ExitCode.SetBeancounter, $"shmpages cannot be lowered to {Barrier(container)}: more is in use in {MountPoint} of CT {container.Ctid}",
                "remove files there first", error);
        }
    }

    private static long Barrier(ContainerContext container) => BeancounterBounds.Of(container.Config, BeancounterResources.SharedMemory).Barrier;

    private static long Bytes(long pages) => Math.Min(pages, long.MaxValue / Quantity.PageSize) * Quantity.PageSize;

    // The host's own values stand for "unlimited": they are what a new namespace has.
    private static void SetSegments(ContainerContext container, PidFd init)
    {
        var pages = Barrier(container);
        var unlimited = pages == BarrierLimit.Unlimited;
        NamespaceFiles.Write(init, CloneFlags.NewIpc, AllFile, unlimited ? HostValue(AllFile) : pages.ToString(CultureInfo.InvariantCulture));
        NamespaceFiles.Write(init, CloneFlags.NewIpc, LargestFile, unlimited ? HostValue(LargestFile) : Bytes(pages).ToString(CultureInfo.InvariantCulture));
    }

    private static string HostValue(string file) => File.ReadAllText(file).Trim();

    private static bool IsTmpfs(int pid)
    {
        var type = "";
        foreach (var entry in MountTable.Parse(File.ReadAllText($"/proc/{pid}/mountinfo")))
        {
            if (entry.MountPoint is MountPoint or "/dev" or "/")
                type = entry.MountPoint == MountPoint ? entry.Type : "";
        }
        return type == "tmpfs";
    }
}
