using Insula.Engine.Containers;
using Insula.Linux.BlockDevices;
using Insula.Linux.FileSystems;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Io;

/// <summary>
/// Changes what insula check finds wanting, where the administrator says so: a disk gets a scheduler that honours weights (BFQ), the
/// btrfs of a directory its quotas.
/// </summary>
public static class DiskFix
{
    private const string Scheduler = "bfq", Interactive = "low_latency";

    /// <summary>Makes the change that a target needs.</summary>
    /// <param name="engine">This host's containers; null on a host without a configuration.</param>
    /// <param name="target">A disk's name (sda) or node (/dev/sda1), or a directory.</param>
    /// <returns>What was changed, a line each; none if nothing was to be.</returns>
    /// <exception cref="InsulaException">BadValue: it is neither, or a directory that nothing can be done for. SetIo, SystemError: the kernel refused.</exception>
    public static IReadOnlyList<string> Apply(EngineContext? engine, string target)
        => Directory.Exists(target) ? FixQuota(Path.GetFullPath(target)) : FixScheduler(engine, target);

    private static string[] FixQuota(string directory)
    {
        using var file = Files.Open(directory, OpenFlags.ReadOnly | OpenFlags.Directory);
        if (FileSystemStatus.Of(file, directory).Type != FileSystemStatus.Btrfs)
        {
            throw new InsulaException(
                ExitCode.BadValue, $"{directory} is not on btrfs, whose quotas can be switched on while it is mounted",
                Quotas.DiskQuotas.WhyNone(directory) ?? "nothing is wanting there");
        }
        var quota = new BtrfsQuota(file, directory);
        if (quota.IsEnabled)
            return [];
        try
        {
            quota.Enable();
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.SystemError, error.Message, error.Hint, error);
        }
        return [$"switched the quotas of the btrfs of {directory} on; it counts what is there in the background"];
    }

    // Containers that run get their weights anew: BFQ may just have been loaded.
    private static List<string> FixScheduler(EngineContext? engine, string device)
    {
        var disk = new BlockDeviceTable().Find(device)
            ?? throw new InsulaException(ExitCode.BadValue, $"{device} is neither a block device of this host nor a directory", "see the names in /sys/block");
        if (disk.Scheduler is not { } old)
        {
            throw new InsulaException(
                ExitCode.BadValue, $"{disk.Name} passes its requests on and has no scheduler of its own", "name the disks below it: lsblk -s shows them");
        }
        var changes = new List<string>();
        if (old != Scheduler)
        {
            Set(() => disk.SetScheduler(Scheduler));
            changes.Add($"changed the scheduler of {disk.Name} from {old} to {Scheduler}; it lasts until the host restarts");
        }
        // Documentation/block/bfq-iosched.rst: it raises the weight of whatever looks interactive, which every new process does.
        if (disk.ReadSchedulerSetting(Interactive) is not (null or "0"))
        {
            Set(() => disk.SetSchedulerSetting(Interactive, "0"));
            changes.Add($"switched {Interactive} of {disk.Name} off, which prefers new processes whatever the weights are");
        }
        if (engine != null)
            SetWeights(engine);
        return changes;
    }

    private static void Set(Action change)
    {
        try
        {
            change();
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.SetIo, error.Message, error.Hint, error);
        }
    }

    private static void SetWeights(EngineContext engine)
    {
        foreach (var ctid in engine.Store.List())
        {
            if (!engine.Runtime.IsRunning(ctid) || engine.Store.TryLoad(ctid) is not { } config)
                continue;
            engine.Group(ctid).BlockIo?.TrySetWeight(Parts.IoPart.WeightOf(config));
        }
    }
}
