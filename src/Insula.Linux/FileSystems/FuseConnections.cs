using System.Globalization;
using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Linux.FileSystems;

/// <summary>
/// FUSE file systems from the host's side (Documentation/filesystems/fuse.rst of the kernel, "Control filesystem"). Whoever waits for a server that does not answer
/// cannot be killed, and keeps the server's connection open if he has inherited it.
/// </summary>
public static class FuseConnections
{
    /// <summary>True if a file system type is FUSE's: <c>fuse</c>, <c>fuse.sshfs</c>, not <c>fusectl</c>.</summary>
    public static bool IsFuse(string type) => type == "fuse" || type.StartsWith("fuse.", StringComparison.Ordinal);

    /// <summary>Ends a connection: who waits for its server gets an error, and everything that is asked of it from now on fails.</summary>
    /// <param name="device">The file system's device number as in the table of mounts, <c>0:72</c>.</param>
    /// <returns>False if there is none of that number.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static bool TryAbort(string device)
    {
        // Named by the kernel's own number of the device, which is the minor where there is no major.
        if (device.Split(':') is not ["0", var minor] || !uint.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        using var control = FileSystemContext.Open("fusectl");
        using var root = control.CreateMount(MountAttributes.NoSetUid | MountAttributes.NoExec | MountAttributes.NoDevices);
        var file = string.Create(CultureInfo.InvariantCulture, $"{number}/abort");
        var opened = Files.TryOpenAt(root.Number, file, OpenFlags.WriteOnly);
        if (Kernel.ErrnoOf(opened) == Errno.ENOENT)
            return false;
        using var abort = new FileDescriptor((int)Kernel.Check(opened, "open", $"fusectl:{file}"));
        Files.WriteAll(abort, "1"u8, $"fusectl:{file}");
        return true;
    }
}
