using Insula.Linux.Bpf;
using Insula.Linux.Launch;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Probes;

/// <summary>Asks the running kernel what it has, by calls that leave no trace.</summary>
public static unsafe class KernelProbes
{
    private const int Nowhere = -1; // a descriptor that is none

    /// <summary>
    /// Makes the call. <see cref="Errno.ENOSYS"/> says that the kernel has no such thing; <see cref="Errno.None"/> that it has; what
    /// other errors mean the question tells: an "invalid argument" to a call that was given one shows that the call is there.
    /// </summary>
    public static Errno Ask(KernelProbe probe) => probe switch
    {
        KernelProbe.OpenAt2 => Call(Syscall.OpenAt2, Nowhere),
        KernelProbe.Clone3 => Call(Syscall.Clone3),
        KernelProbe.PidfdGetfd => Call(Syscall.PidfdGetfd, Nowhere, Nowhere),
        KernelProbe.CloseRange => Call(Syscall.CloseRange, 1, 0),
        KernelProbe.MountApi => Call(Syscall.FsOpen),
        KernelProbe.MountSetattr => Call(Syscall.MountSetattr, Nowhere),
        // Without a filter: the flags are looked at first.
        KernelProbe.SeccompListener => Kernel.ErrnoOf(Kernel.Call(Syscall.Seccomp, SeccompProgram.SetModeFilter, SeccompProgram.WithListener, 0)),
        KernelProbe.SeccompFilter => AskSeccomp(0x00050000),
        KernelProbe.UserFaultFd => Call(Syscall.Userfaultfd, int.MaxValue),
        KernelProbe.Quota => AskQuota(),
        KernelProbe.BpfCgroupDevice => LoadDeviceProgram(),
        KernelProbe.BpfCgroupSocket => BpfProbes.CgroupSocket(),
        KernelProbe.BpfModifyReturn => BpfProbes.ModifyReturn(),
        KernelProbe.BpfSecurityHook => BpfProbes.SecurityHook(),
        KernelProbe.BpfTracePoint => BpfProbes.TracePoint(),
        KernelProbe.PidfdExit => AskPidfdExit(),
        KernelProbe.BpfIterator => BpfProbes.Iterator(),
        KernelProbe.BpfLinkPacket => BpfProbes.LinkPacket(),
        _ => throw new ArgumentOutOfRangeException(nameof(probe)),
    };

    /// <summary>True if the call is there: anything but ENOSYS.</summary>
    public static bool HasCall(KernelProbe probe) => Ask(probe) != Errno.ENOSYS;

    private static Errno Call(Syscall call, nint a = 0, nint b = 0) => Kernel.ErrnoOf(Kernel.Call(call, a, b));

    // SECCOMP_GET_ACTION_AVAIL: 0 if the action is known, EOPNOTSUPP if not.
    private static Errno AskSeccomp(uint action)
    {
        const int SECCOMP_GET_ACTION_AVAIL = 2;
        return Kernel.ErrnoOf(Kernel.Call(Syscall.Seccomp, SECCOMP_GET_ACTION_AVAIL, 0, (nint)(&action)));
    }

    // Q_GETFMT without a device: ENODEV where there are quotas.
    private static Errno AskQuota()
    {
        const int Q_GETFMT = 0x800004, subCommandShift = 8;
        return Call(Syscall.Quotactl, Q_GETFMT << subCommandShift);
    }

    private static Errno AskPidfdExit()
    {
        const int code = 7;
        using var plan = new LaunchPlan();
        plan.Add("end", "at once", Syscall.ExitGroup, code);
        using var child = Launcher.Start(plan, CloneFlags.None);
        child.PidFd.Wait();
        return child.PidFd.TryReadExit() is { Code: code } ? Errno.None : Errno.ENOSYS;
    }

    private static Errno LoadDeviceProgram()
    {
        const int BPF_PROG_LOAD = 5, BPF_PROG_TYPE_CGROUP_DEVICE = 15, attributeSize = 128;
        // r0 = 1; exit: every access is allowed.
        var program = stackalloc ulong[] { 0x00000001_0000_00B7, 0x00000000_0000_0095 };
        var license = stackalloc byte[] { (byte)'M', (byte)'I', (byte)'T', 0 };
        var attribute = stackalloc byte[attributeSize];
        new Span<byte>(attribute, attributeSize).Clear();
        *(uint*)attribute = BPF_PROG_TYPE_CGROUP_DEVICE;
        *(uint*)(attribute + 4) = 2;
        *(ulong**)(attribute + 8) = program;
        *(byte**)(attribute + 16) = license;
        var result = Kernel.Call(Syscall.Bpf, BPF_PROG_LOAD, (nint)attribute, attributeSize);
        if (result >= 0)
            new FileDescriptor((int)result).Dispose();
        return Kernel.ErrnoOf(result);
    }
}
