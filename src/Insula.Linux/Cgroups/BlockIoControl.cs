using System.Globalization;
using Insula.Linux.BlockDevices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>A group's share of disk time: a weight, which schedulers that know weights honour, and ceilings for each device.</summary>
public abstract class BlockIoControl
{
    private protected BlockIoControl(string directory) => Directory = directory;

    internal static BlockIoControl For(CgroupHierarchy hierarchy, string directory)
        => hierarchy.IsUnified ? new BlockIoControlV2(directory) : new BlockIoControlV1(directory);

    /// <summary>The group's directory in the hierarchy of the controller.</summary>
    public string Directory { get; }

    /// <summary>
    /// The weight against sibling groups, 1 to 1000; the kernel's default is 100. Setting it tells every policy of the kernel that knows
    /// weights; null when there is none (BFQ is a module that is not loaded).
    /// </summary>
    public int? Weight
    {
        get
        {
            foreach (var file in WeightFiles)
            {
                if (CgroupFile.TryRead(PathOf(file)) is { } text)
                    return ReadWeight(text, PathOf(file));
            }
            return null;
        }
    }

    /// <summary>True if this kernel can throttle (CONFIG_BLK_DEV_THROTTLING).</summary>
    public abstract bool CanLimit { get; }

    /// <summary>Sets the weight.</summary>
    /// <returns>False if no policy of the kernel knows weights at present.</returns>
    public bool TrySetWeight(int weight)
    {
        var any = false;
        foreach (var file in WeightFiles)
        {
            var errno = CgroupFile.TryWrite(PathOf(file), Text(weight));
            if (errno == Errno.ENOENT)
                continue;
            if (errno != Errno.None)
                throw CgroupFile.WriteFailure(PathOf(file), Text(weight), errno, null);
            any = true;
        }
        return any;
    }

    /// <summary>Sets or, with <see cref="IoLimit.None"/>, takes away the ceilings on one device.</summary>
    /// <exception cref="LinuxException">ENODEV: there is no such device, or it is a partition.</exception>
    public abstract void SetLimit(DeviceNumber device, IoLimit limit);

    /// <summary>The ceilings on one device.</summary>
    public abstract IoLimit ReadLimit(DeviceNumber device);

    /// <summary>Bytes read and written so far on one device, all directions together; null where nothing has been counted.</summary>
    public abstract long? ReadBytes(DeviceNumber device);

    /// <summary>What was done on each device so far.</summary>
    public abstract IReadOnlyList<DeviceUse> ReadDevices();

    private protected abstract IReadOnlyList<string> WeightFiles { get; }

    private protected string PathOf(string file) => $"{Directory}/{file}";

    private protected static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    // "100", or "default 100" with lines for single devices after it.
    private static int ReadWeight(string text, string path)
    {
        var line = text.AsSpan();
        var end = line.IndexOf('\n');
        line = end < 0 ? line : line[..end];
        if (line.StartsWith("default "))
            line = line["default ".Length..];
        return int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var weight)
            ? weight
            : throw new LinuxException("understand", $"\"{text}\" in {path}", Errno.EPROTO);
    }
}
