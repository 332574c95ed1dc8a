using Insula.Linux.BlockDevices;

namespace Insula.Linux.Cgroups;

/// <summary>What a group and those below it have done on one block device since the group was made.</summary>
/// <param name="Device">The device.</param>
/// <param name="ReadBytes">Bytes read.</param>
/// <param name="Reads">Read requests.</param>
/// <param name="WrittenBytes">Bytes written.</param>
/// <param name="Writes">Write requests.</param>
/// <param name="DiscardedBytes">Bytes discarded.</param>
/// <param name="Discards">Discard requests.</param>
public readonly record struct DeviceUse(
    DeviceNumber Device, long ReadBytes, long Reads, long WrittenBytes, long Writes, long DiscardedBytes, long Discards)
{
    /// <summary>
    /// Understands io.stat of v2: <c>8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0</c>, a line each. A device without figures is
    /// left out.
    /// </summary>
    public static IReadOnlyList<DeviceUse> ParseUnified(string text)
    {
        var all = new List<DeviceUse>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Split(' ') is [var name, .. var words] && DeviceNumber.TryParse(name, out var device) && words.Length > 0)
            {
                long Figure(string key) => words.FirstOrDefault(word => word.StartsWith(key, StringComparison.Ordinal)) is { } word
                    && long.TryParse(word.AsSpan(key.Length), out var value) ? value : 0;
                all.Add(new DeviceUse(device, Figure("rbytes="), Figure("rios="), Figure("wbytes="), Figure("wios="), Figure("dbytes="), Figure("dios=")));
            }
        }
        return all;
    }

    /// <summary>
    /// Understands blkio.throttle.io_service_bytes_recursive and io_serviced_recursive of v1: <c>8:0 Read 4096</c>, a line for each device and
    /// direction, and a total at the end.
    /// </summary>
    public static IReadOnlyList<DeviceUse> ParseVersion1(string bytes, string requests)
    {
        var all = new List<DeviceUse>();
        foreach (var (device, direction, value) in Lines(bytes))
        {
            var use = Find(all, device);
            Put(all, direction switch
            {
                "Read" => use with { ReadBytes = value },
                "Write" => use with { WrittenBytes = value },
                "Discard" => use with { DiscardedBytes = value },
                _ => use,
            });
        }
        foreach (var (device, direction, value) in Lines(requests))
        {
            var use = Find(all, device);
            Put(all, direction switch
            {
                "Read" => use with { Reads = value },
                "Write" => use with { Writes = value },
                "Discard" => use with { Discards = value },
                _ => use,
            });
        }
        return all;
    }

    private static IEnumerable<(DeviceNumber Device, string Direction, long Value)> Lines(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.Split(' ') is [var name, var direction, var number] && DeviceNumber.TryParse(name, out var device) && long.TryParse(number, out var value))
                yield return (device, direction, value);
        }
    }

    private static DeviceUse Find(List<DeviceUse> all, DeviceNumber device)
        => all.Find(use => use.Device == device) is { } found && found.Device == device ? found : new DeviceUse { Device = device };

    private static void Put(List<DeviceUse> all, DeviceUse use)
    {
        var index = all.FindIndex(known => known.Device == use.Device);
        if (index < 0)
            all.Add(use);
        else
            all[index] = use;
    }
}
