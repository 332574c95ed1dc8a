using System.Runtime.InteropServices;

namespace Insula.Linux.Launch;

/// <summary>struct clone_args of clone3(2), linux/sched.h, as of Linux 5.7.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CloneArguments
{
    public ulong Flags;
    public ulong PidFd;
    public ulong ChildTid;
    public ulong ParentTid;
    public ulong ExitSignal;
    public ulong Stack;
    public ulong StackSize;
    public ulong Tls;
    public ulong SetTid;
    public ulong SetTidSize;
    public ulong Cgroup;
}

/// <summary>CLONE_* of linux/sched.h that plans use.</summary>
[Flags]
public enum CloneFlags : ulong
{
    None = 0,
    NewTime = 0x80,
    SharedMemory = 0x100,
    PidFd = 0x1000,
    SameParent = 0x8000,
    NewMount = 0x00020000,
    NewCgroup = 0x02000000,
    NewUts = 0x04000000,
    NewIpc = 0x08000000,
    NewUser = 0x10000000,
    NewPid = 0x20000000,
    NewNet = 0x40000000,
    ClearSignalHandlers = 0x100000000,
    IntoCgroup = 0x200000000,
}
