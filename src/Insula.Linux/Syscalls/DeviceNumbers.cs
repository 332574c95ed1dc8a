using System.Runtime.InteropServices;

namespace Insula.Linux.Syscalls;

/// <summary>Device nodes of the host: their numbers, and making them (statx(2), mknod(2)).</summary>
public static unsafe class DeviceNumbers
{
    private const int S_IFMT = 0xF000, S_IFCHR = 0x2000, S_IFBLK = 0x6000;

    /// <summary>Reads the numbers of a node. False if there is none, or it is no device. Symbolic links are followed (/dev/rtc).</summary>
    public static bool TryRead(string path, out bool isBlock, out int major, out int minor)
    {
        (isBlock, major, minor) = (false, 0, 0);
        StatxBuffer buffer = default;
        using var text = new Utf8Text(path);
        const uint STATX_BASIC_STATS = 0x7ff;
        if (Kernel.Call(Syscall.Statx, Files.CurrentDirectory, (nint)text.Pointer, 0, (nint)STATX_BASIC_STATS, (nint)(&buffer)) < 0)
            return false;
        var type = buffer.Mode & S_IFMT;
        isBlock = type == S_IFBLK;
        (major, minor) = ((int)buffer.DeviceMajor, (int)buffer.DeviceMinor);
        return type is S_IFBLK or S_IFCHR;
    }

    /// <summary>Makes a node.</summary>
    /// <param name="path">A path in a directory that only root can change.</param>
    /// <param name="isBlock">Block or character.</param>
    /// <param name="major">Major number.</param>
    /// <param name="minor">Minor number.</param>
    /// <param name="mode">Permission bits; the umask does not count.</param>
    public static void Create(string path, bool isBlock, int major, int minor, int mode)
    {
        using var text = new Utf8Text(path);
        // makedev(3): the numbers' bits are spread over a 64-bit dev_t; the system call takes the low 32.
        var device = (uint)(minor & 0xff) | (uint)(major & 0xfff) << 8 | (uint)(minor & ~0xff) << 12;
        var result = Kernel.Call(Syscall.MkNodAt, Files.CurrentDirectory, (nint)text.Pointer, (isBlock ? S_IFBLK : S_IFCHR) | mode, (nint)device);
        Kernel.Check(result, "create device node", path);
        File.SetUnixFileMode(path, (UnixFileMode)mode);
    }

    /// <summary>struct statx; only what is read here has a name.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    internal struct StatxBuffer
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(128)]
        public uint DeviceMajor;

        [FieldOffset(132)]
        public uint DeviceMinor;
    }
}
