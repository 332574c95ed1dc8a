using Insula.Linux.BlockDevices;

namespace Insula.Engine.ProcFs.Files;

/// <summary>
/// /proc/diskstats (Documentation/admin-guide/iostats.rst): the devices that the container has used, with its own requests and sectors. How long
/// they took, and how many were merged, the kernel does not keep for a group: 0.
/// </summary>
public sealed class DiskStatisticsFile() : VirtualFile("proc/diskstats")
{
    private const int BytesPerSector = 512;
    private const string HostPath = "/proc/diskstats";

    /// <inheritdoc/>
    public override bool MayBeLong => true;

    /// <inheritdoc/>
    public override void Render(IContainerView view, TextBuffer output)
    {
        var names = Names(view.HostFile(HostPath) ?? "");
        foreach (var use in view.Disks)
        {
            if (!names.TryGetValue(use.Device, out var name))
                continue;
            output.Add(use.Device.Major, 4).Add(" "u8).Add(use.Device.Minor, 7).Add(" "u8).Add(name);
            // reads merged sectors ms, writes merged sectors ms, in flight, ms busy, ms weighted, discards merged sectors ms, flushes ms
            output.Add(" "u8).Add(use.Reads).Add(" 0 "u8).Add(use.ReadBytes / BytesPerSector).Add(" 0 "u8);
            output.Add(use.Writes).Add(" 0 "u8).Add(use.WrittenBytes / BytesPerSector).Add(" 0 0 0 0 "u8);
            output.Add(use.Discards).Add(" 0 "u8).Add(use.DiscardedBytes / BytesPerSector).Add(" 0 0 0\n"u8);
        }
    }

    /// <summary>The devices' names in the host's file: <c>   8       0 sda 1 2 3 ...</c></summary>
    internal static Dictionary<DeviceNumber, string> Names(string text)
    {
        var names = new Dictionary<DeviceNumber, string>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var major, var minor, var name, ..] && DeviceNumber.TryParse($"{major}:{minor}", out var device))
                names[device] = name;
        }
        return names;
    }
}
