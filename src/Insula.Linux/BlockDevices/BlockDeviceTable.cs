using Insula.Linux.Syscalls;

namespace Insula.Linux.BlockDevices;

/// <summary>Finds block devices, and what lies below them, in /sys.</summary>
/// <param name="sys">/sys, or what a test puts in its place.</param>
public sealed class BlockDeviceTable(string sys = "/sys")
{
    // Deeper stacks than this are a loop in what a file or a test says.
    private const int Deepest = 16;

    /// <summary>The device that queues the requests to a number: of a partition its disk. Null if there is none.</summary>
    public BlockDevice? Find(DeviceNumber number) => number.IsAnonymous ? null : OfDirectory($"{sys}/dev/block/{number}");

    /// <summary>The device of a name (<c>sda</c>) or node (<c>/dev/sda1</c>, or a link to one). Null if it is no block device.</summary>
    public BlockDevice? Find(string nameOrNode)
    {
        if (nameOrNode.Contains('/', StringComparison.Ordinal))
            return DeviceNumbers.TryRead(nameOrNode, out var isBlock, out var major, out var minor) && isBlock ? Find(new DeviceNumber(major, minor)) : null;
        return nameOrNode is "" or "." or ".." ? null : OfDirectory($"{sys}/class/block/{nameOrNode}");
    }

    /// <summary>
    /// A device and everything its requests pass on to, from the top down: a device-mapper or RAID device before its disks, a loop
    /// device before the disks that hold its file.
    /// </summary>
    /// <param name="top">Where to begin.</param>
    /// <param name="disksOfFile">The devices that hold a loop device's file.</param>
    public IReadOnlyList<BlockDevice> Below(BlockDevice top, Func<string, IReadOnlyList<BlockDevice>> disksOfFile)
    {
        var chain = new List<BlockDevice>();
        Add(top, chain, disksOfFile, 0);
        return chain;
    }

    private void Add(BlockDevice device, List<BlockDevice> chain, Func<string, IReadOnlyList<BlockDevice>> disksOfFile, int depth)
    {
        if (depth == Deepest || chain.Contains(device))
            return;
        chain.Add(device);
        foreach (var below in Directory.Exists($"{device.Directory}/slaves") ? Directory.GetFileSystemEntries($"{device.Directory}/slaves") : [])
        {
            if (OfDirectory(below) is { } found)
                Add(found, chain, disksOfFile, depth + 1);
        }
        if (device.BackingFile is not { } file)
            return;
        foreach (var holder in disksOfFile(file))
            Add(holder, chain, disksOfFile, depth + 1);
    }

    private static BlockDevice? OfDirectory(string link)
    {
        if (!Directory.Exists(link))
            return null;
        var directory = new DirectoryInfo(link).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? link;
        // A partition is a directory in that of its disk: .../block/sda/sda1.
        if (File.Exists($"{directory}/partition"))
            directory = Path.GetDirectoryName(directory)!;
        return DeviceNumber.TryParse(BlockDevice.ReadLine($"{directory}/dev"), out var number)
            ? new BlockDevice(Path.GetFileName(directory), number, directory)
            : null;
    }
}
