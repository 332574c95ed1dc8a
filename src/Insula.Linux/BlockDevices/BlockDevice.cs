using Insula.Linux.Syscalls;

namespace Insula.Linux.BlockDevices;

/// <summary>
/// A block device with a queue of its own: a whole disk, a device-mapper or RAID device, a loop device; never a partition, whose
/// requests its disk queues. Read from /sys/block (Documentation/ABI/stable/sysfs-block).
/// </summary>
/// <param name="Name">The kernel's name: <c>sda</c>.</param>
/// <param name="Number">Its numbers.</param>
/// <param name="Directory">Its directory below /sys/devices.</param>
public sealed record BlockDevice(string Name, DeviceNumber Number, string Directory)
{
    /// <summary>Its node.</summary>
    public string Node => $"/dev/{Name}";

    private string SchedulerFile => $"{Directory}/queue/scheduler";

    /// <summary>The scheduler in force, <c>none</c> for none; null for a device that passes requests on (device-mapper, RAID).</summary>
    public string? Scheduler
    {
        get
        {
            // "none [mq-deadline] kyber bfq"; just "none" for a device without a choice.
            var words = Schedulers();
            foreach (var word in words)
            {
                if (word.StartsWith('['))
                    return word.Trim('[', ']');
            }
            return words.Length == 1 ? words[0] : null;
        }
    }

    /// <summary>The file that backs a loop device; null for any other.</summary>
    public string? BackingFile => ReadLine($"{Directory}/loop/backing_file");

    /// <summary>Chooses a scheduler; the kernel loads its module if it has one. It lasts until the device or the host goes.</summary>
    /// <exception cref="LinuxException">EINVAL: the kernel has no such scheduler, or the device takes none.</exception>
    public void SetScheduler(string name)
    {
        var errno = Files.TryWriteValue(SchedulerFile, name);
        if (errno != Errno.None)
            throw new LinuxException($"write \"{name}\" to", SchedulerFile, errno, errno == Errno.EINVAL ? $"the kernel has no scheduler {name}" : null);
    }

    /// <summary>A setting of the scheduler in force (queue/iosched); null if it has none of that name.</summary>
    public string? ReadSchedulerSetting(string name) => ReadLine($"{Directory}/queue/iosched/{name}");

    /// <summary>Changes a setting of the scheduler in force.</summary>
    public void SetSchedulerSetting(string name, string value)
    {
        var file = $"{Directory}/queue/iosched/{name}";
        var errno = Files.TryWriteValue(file, value);
        if (errno != Errno.None)
            throw new LinuxException($"write \"{value}\" to", file, errno);
    }

    private string[] Schedulers()
        => (ReadLine(SchedulerFile) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    internal static string? ReadLine(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not there, or gone with its device.
            return null;
        }
    }
}
