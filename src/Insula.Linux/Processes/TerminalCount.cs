using System.Globalization;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes;

/// <summary>How many pseudo-terminals are open in the devpts at /dev/pts, as a process sees it.</summary>
public static class TerminalCount
{
    private const string MountPoint = "/dev/pts";

    /// <summary>
    /// Counts them; null if the process is gone or has no devpts there. What is mounted is looked at first: a walk into a FUSE file
    /// system of a container would wait for whoever serves it.
    /// </summary>
    public static int? TryRead(int pid)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}");
        if (Cgroups.CgroupFile.Read(Files.CurrentDirectory, $"{path}/mountinfo", out var mounts) != Errno.None || !IsDevpts(mounts))
            return null;
        try
        {
            using var root = RootDirectory.OpenRootOf(pid);
            using var directory = root.OpenFile(MountPoint[1..], OpenFlags.ReadOnly | OpenFlags.Directory);
            return Count(directory);
        }
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ESRCH or Errno.ENOTDIR)
        {
            return null;
        }
    }

    internal static bool IsDevpts(string mountInfo)
    {
        var (devpts, dev) = (false, true);
        foreach (var entry in MountTable.Parse(mountInfo))
        {
            if (entry.MountPoint == MountPoint)
                devpts = entry.Type == "devpts";
            else if (entry.MountPoint is "/dev" or "/")
                (devpts, dev) = (false, entry.Type is not "fuse");
        }
        return devpts && dev;
    }

    private static int Count(FileDescriptor directory)
    {
        var count = 0;
        foreach (var name in Directory.EnumerateFileSystemEntries(directory.ProcPath))
        {
            // Beside the terminals there is only ptmx.
            if (int.TryParse(Path.GetFileName(name.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out _))
                count++;
        }
        return count;
    }
}
