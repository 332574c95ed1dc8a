using Insula.Linux.Mounts;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Fuse;

/// <summary>
/// The kernel's end of a file system that a process serves: an open /dev/fuse. The connection lives as long as any process has it open; when the
/// last one closes it every reader gets ENOTCONN for good.
/// </summary>
public static unsafe class FuseConnection
{
    private const string Device = "/dev/fuse";

    /// <summary>Makes a file system and mounts it.</summary>
    /// <param name="mountPoint">An existing directory of the host.</param>
    /// <param name="source">What /proc/mounts shows as its source: insula.</param>
    /// <returns>The descriptor to serve it by.</returns>
    /// <exception cref="LinuxException">No FUSE in this kernel (ENODEV, ENOENT), or no right to mount.</exception>
    public static FileDescriptor Mount(string mountPoint, string source)
    {
        const string rootMode = "40755";
        var device = Files.Open(Device, OpenFlags.ReadWrite);
        try
        {
            using var context = FileSystemContext.Open("fuse");
            // Other users may look (allow_other): containers' processes are others. The kernel checks permissions by mode and owner.
            context.Set("source", source).Set("subtype", source).Set("fd", $"{device.Number}").Set("rootmode", rootMode)
                .Set("user_id", "0").Set("group_id", "0").SetFlag("allow_other").SetFlag("default_permissions");
            using var mount = context.CreateMount(MountAttributes.NoSetUid | MountAttributes.NoDevices | MountAttributes.NoExec | MountAttributes.ReadOnly);
            DetachedMount.Attach(mount, mountPoint);
            return device;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>False when the file system is not mounted anywhere any more, or was given up.</summary>
    public static bool IsAlive(FileDescriptor connection)
    {
        const short POLLERR = 8;
        var poll = new PollEntry { Descriptor = connection.Number, Events = PollEntry.Input };
        var now = default(TimeSpec);
        Kernel.Check(Kernel.Call(Syscall.Ppoll, (nint)(&poll), 1, (nint)(&now), 0, SignalMask.KernelSetSize), "look at", Device);
        return (poll.Returned & POLLERR) == 0;
    }
}
