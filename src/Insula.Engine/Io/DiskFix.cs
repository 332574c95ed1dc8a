using Insula.Engine.Containers;
using Insula.Linux.BlockDevices;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Io;

/// <summary>Gives a disk that the administrator names a scheduler that honours weights: BFQ.</summary>
public static class DiskFix
{
    private const string Scheduler = "bfq", Interactive = "low_latency";

    /// <summary>Sets the scheduler. Containers that run get their weights anew: BFQ may just have been loaded.</summary>
    /// <param name="engine">This host's containers; null on a host without a configuration.</param>
    /// <param name="device">A name (sda) or a node (/dev/sda1).</param>
    /// <returns>What was changed, a line each; none if it had that scheduler.</returns>
    /// <exception cref="InsulaException">BadValue: it is no disk with a scheduler. SetIo: the kernel has no BFQ.</exception>
    public static IReadOnlyList<string> Apply(EngineContext? engine, string device)
    {
        var disk = new BlockDeviceTable().Find(device)
            ?? throw new InsulaException(ExitCode.BadValue, $"{device} is no block device of this host", "see the names in /sys/block");
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
