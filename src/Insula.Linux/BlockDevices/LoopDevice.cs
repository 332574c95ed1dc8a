using System.Globalization;
using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.BlockDevices;

/// <summary>
/// A file as a block device (loop(4)). It is attached with LO_FLAGS_AUTOCLEAR: the kernel detaches it when the last user lets go, be it
/// the mount on it or, if nothing was mounted, this process, however it ends.
/// </summary>
public sealed unsafe class LoopDevice : IDisposable
{
    internal const int LOOP_CTL_GET_FREE = 0x4C82, LOOP_CONFIGURE = 0x4C0A, LOOP_CLR_FD = 0x4C01, LOOP_SET_CAPACITY = 0x4C07;
    internal const uint LO_FLAGS_READ_ONLY = 1, LO_FLAGS_AUTOCLEAR = 4, LO_FLAGS_DIRECT_IO = 16;

    // Others take free devices too, between our asking for one and taking it.
    private const int Attempts = 64;

    private readonly FileDescriptor _device;

    private LoopDevice(FileDescriptor device, string name)
    {
        _device = device;
        Name = name;
    }

    /// <summary>The device's name: <c>loop3</c>.</summary>
    public string Name { get; }

    /// <summary>Its node: <c>/dev/loop3</c>.</summary>
    public string Node => $"/dev/{Name}";

    /// <summary>Attaches a file to a free device (LOOP_CONFIGURE, Linux 5.8).</summary>
    /// <param name="path">The file; its pages are not cached a second time where its file system can do without (LO_FLAGS_DIRECT_IO).</param>
    /// <exception cref="LinuxException">ENOENT: the host has no loop devices, or there is no such file. EBUSY: no device is free.</exception>
    public static LoopDevice Attach(string path)
    {
        using var file = Files.Open(path, OpenFlags.ReadWrite | OpenFlags.NoFollow);
        using var control = Files.Open("/dev/loop-control", OpenFlags.ReadWrite);
        var errno = Errno.EBUSY;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var number = Kernel.Check(Kernel.Call(Syscall.IoCtl, control.Number, LOOP_CTL_GET_FREE), "find", "a free loop device");
            var name = string.Create(CultureInfo.InvariantCulture, $"loop{number}");
            var device = Files.Open($"/dev/{name}", OpenFlags.ReadWrite);
            errno = Configure(device, file);
            if (errno == Errno.None)
                return new LoopDevice(device, name);
            device.Dispose();
            if (errno != Errno.EBUSY)
                break;
        }
        throw new LinuxException("attach a loop device to", path, errno);
    }

    /// <summary>The devices that are attached to a file, by the path the file has now.</summary>
    public static IReadOnlyList<BlockDevice> FindAll(string path, BlockDeviceTable table)
    {
        var found = new List<BlockDevice>();
        foreach (var directory in Directory.EnumerateDirectories("/sys/block", "loop*"))
        {
            if (table.Find(Path.GetFileName(directory)) is { BackingFile: { } file } device && file == path)
                found.Add(device);
        }
        return found;
    }

    /// <summary>Detaches a device; one that is still mounted goes when it is unmounted. One that is free is no error.</summary>
    public static void Detach(BlockDevice device)
    {
        using var node = Files.Open($"/dev/{device.Name}", OpenFlags.ReadWrite);
        var errno = Kernel.ErrnoOf(Kernel.Call(Syscall.IoCtl, node.Number, LOOP_CLR_FD));
        if (errno is not (Errno.None or Errno.ENXIO))
            throw new LinuxException("detach", $"/dev/{device.Name}", errno);
    }

    /// <summary>Tells a device that its file has another size now (LOOP_SET_CAPACITY).</summary>
    public static void UpdateSize(BlockDevice device)
    {
        using var node = Files.Open($"/dev/{device.Name}", OpenFlags.ReadWrite);
        Kernel.Check(Kernel.Call(Syscall.IoCtl, node.Number, LOOP_SET_CAPACITY), "take the new size of the file of", $"/dev/{device.Name}");
    }

    /// <summary>Lets go of it: unless it is mounted it is detached.</summary>
    public void Dispose() => _device.Dispose();

    private static Errno Configure(FileDescriptor device, FileDescriptor file)
    {
        var config = new LoopConfig { File = (uint)file.Number, Flags = LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO };
        return Kernel.ErrnoOf(Kernel.Call(Syscall.IoCtl, device.Number, LOOP_CONFIGURE, (nint)(&config)));
    }

    // struct loop_config of linux/loop.h; of the loop_info64 in it only the flags are ours to say.
    [StructLayout(LayoutKind.Explicit, Size = 304)]
    internal struct LoopConfig
    {
        [FieldOffset(0)]
        public uint File;

        [FieldOffset(4)]
        public uint BlockSize;

        [FieldOffset(60)]
        public uint Flags;
    }
}
