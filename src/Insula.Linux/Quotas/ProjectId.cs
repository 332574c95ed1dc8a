using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Quotas;

/// <summary>
/// The project id of a file or directory (FS_IOC_FSGETXATTR, linux/fs.h), by which ext4 and xfs count what belongs together whoever
/// owns it. New files get that of their directory if it is to be inherited.
/// </summary>
public static unsafe class ProjectId
{
    internal const uint FS_IOC_FSGETXATTR = 0x801C581F, FS_IOC_FSSETXATTR = 0x401C5820, FS_XFLAG_PROJINHERIT = 0x200;

    /// <summary>Reads it. ENOTTY or EOPNOTSUPP: the file system knows none.</summary>
    public static Errno TryRead(FileDescriptor file, out uint id, out bool inherited)
    {
        Attributes attributes;
        var errno = Kernel.ErrnoOf(Kernel.Call(Syscall.IoCtl, file.Number, unchecked((nint)FS_IOC_FSGETXATTR), (nint)(&attributes)));
        (id, inherited) = errno == Errno.None ? (attributes.Project, (attributes.Flags & FS_XFLAG_PROJINHERIT) != 0) : (0, false);
        return errno;
    }

    /// <summary>Sets it; a directory hands it on to what is made in it. What is in it already keeps its own.</summary>
    /// <exception cref="LinuxException">EOPNOTSUPP: the file system knows none. EDQUOT: the project has no room for the file.</exception>
    public static void Set(FileDescriptor file, uint id, bool isDirectory, string display)
    {
        Attributes attributes;
        Kernel.Check(
            Kernel.Call(Syscall.IoCtl, file.Number, unchecked((nint)FS_IOC_FSGETXATTR), (nint)(&attributes)), "read the project of", display);
        attributes.Project = id;
        attributes.Flags = isDirectory ? attributes.Flags | FS_XFLAG_PROJINHERIT : attributes.Flags;
        Kernel.Check(
            Kernel.Call(Syscall.IoCtl, file.Number, unchecked((nint)FS_IOC_FSSETXATTR), (nint)(&attributes)), $"give project {id} to", display);
    }

    // struct fsxattr
    [StructLayout(LayoutKind.Explicit, Size = 28)]
    internal struct Attributes
    {
        [FieldOffset(0)]
        public uint Flags;

        [FieldOffset(12)]
        public uint Project;
    }
}
