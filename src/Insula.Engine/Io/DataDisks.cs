using Insula.Engine.Containers;
using Insula.Linux.BlockDevices;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Io;

/// <summary>The devices that a directory's data is on, and which of them honours weights.</summary>
/// <param name="Path">The directory.</param>
/// <param name="Devices">Those that the file system sends its requests to: where ceilings are set. Empty: not to be found.</param>
/// <param name="Chain">These and all below them: the disks behind device-mapper, RAID and loop devices.</param>
public sealed record DataDisks(string Path, IReadOnlyList<BlockDevice> Devices, IReadOnlyList<BlockDevice> Chain)
{
    /// <summary>Where a container's files are kept.</summary>
    public static DataDisks Of(ContainerContext container) => Of(container.Storage.DataPath(container.StoragePaths));

    /// <summary>Where a directory is kept.</summary>
    public static DataDisks Of(string path)
    {
        var table = new BlockDeviceTable();
        try
        {
            return new DataDisks(path, FileSystemDevices.Of(path, table), FileSystemDevices.ChainOf(path, table));
        }
        // A file system that does not answer is as good as one without devices.
        catch (LinuxException)
        {
            return new DataDisks(path, [], []);
        }
    }

    /// <summary>The devices' names for a message: "sda", "sda and sdb".</summary>
    public string Names => string.Join(" and ", Devices.Select(device => device.Name));

    /// <summary>Why ceilings cannot be set; null if they can.</summary>
    public string? WhyNoLimits(BlockIoControl? control)
    {
        if (control == null)
            return "this host has no blkio or io controller";
        if (!control.CanLimit)
            return "this kernel cannot throttle";
        return Devices.Count == 0 ? $"the file system of {Path} has no block device that can be found" : null;
    }

    /// <summary>What gives the weights of groups their meaning on the way to the disk: "bfq on sda"; null if nothing does.</summary>
    /// <param name="world">The host's hierarchies: iocost is one of v2.</param>
    public string? WeighedBy(CgroupWorld world)
    {
        foreach (var device in Chain)
        {
            if (device.Scheduler == "bfq")
                return $"bfq on {device.Name}";
            if (HasIoCost(world, device))
                return $"iocost on {device.Name}";
        }
        return null;
    }

    /// <summary>Why weights have no effect, and what to do; null if they have one.</summary>
    public string? WhyNoWeights(CgroupWorld world)
    {
        if (world.Find(CgroupController.BlockIo) == null)
            return "this host has no blkio or io controller";
        if (Chain.Count == 0)
            return $"the file system of {Path} has no block device that can be found";
        if (WeighedBy(world) != null)
            return null;
        var last = Chain[^1];
        return $"the scheduler of {last.Name} is {last.Scheduler ?? "none"}, which knows no weights; set another with: insula check --fix /dev/{last.Name}";
    }

    // "8:0 enable=1 ctrl=auto rpct=..." in io.cost.qos of the root group.
    private static bool HasIoCost(CgroupWorld world, BlockDevice device)
    {
        if (world.Find(CgroupController.BlockIo) is not { IsUnified: true } hierarchy)
            return false;
        var file = $"{hierarchy.MountPoint}/io.cost.qos";
        return File.Exists(file) && File.ReadLines(file).Any(line => line.StartsWith($"{device.Number} enable=1", StringComparison.Ordinal));
    }
}
