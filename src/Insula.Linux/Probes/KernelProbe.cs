namespace Insula.Linux.Probes;

/// <summary>A question to the running kernel that changes nothing: a call that cannot succeed, or whose result is thrown away.</summary>
public enum KernelProbe
{
    /// <summary>openat2(2), Linux 5.6.</summary>
    OpenAt2,

    /// <summary>clone3(2), Linux 5.3.</summary>
    Clone3,

    /// <summary>pidfd_getfd(2), Linux 5.6.</summary>
    PidfdGetfd,

    /// <summary>close_range(2), Linux 5.9.</summary>
    CloseRange,

    /// <summary>fsopen(2) and its family, Linux 5.2.</summary>
    MountApi,

    /// <summary>mount_setattr(2), with it idmapped mounts, Linux 5.12.</summary>
    MountSetattr,

    /// <summary>
    /// seccomp filters that can ask a supervisor (SECCOMP_RET_USER_NOTIF, Linux 5.0) and wait for it whatever signal comes
    /// (SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, 5.19). EFAULT says that they can.
    /// </summary>
    SeccompListener,

    /// <summary>seccomp filters (SECCOMP_RET_ERRNO).</summary>
    SeccompFilter,

    /// <summary>userfaultfd(2).</summary>
    UserFaultFd,

    /// <summary>quotactl(2).</summary>
    Quota,

    /// <summary>bpf(2) with a program that decides on device access for a cgroup; it is loaded and dropped.</summary>
    BpfCgroupDevice,

    /// <summary>BPF programs that are asked when a socket is made, and told when it is closed; they are loaded and dropped.</summary>
    BpfCgroupSocket,

    /// <summary>BPF programs that decide what a function of the kernel returns (fmod_ret); one that does nothing is attached for a moment.</summary>
    BpfModifyReturn,

    /// <summary>BPF programs as hooks of the security modules; one that does nothing is attached for a moment.</summary>
    BpfSecurityHook,

    /// <summary>BPF programs at tracepoints; one that does nothing is attached for a moment.</summary>
    BpfTracePoint,

    /// <summary>How a process ended that is no child, by its pidfd (PIDFD_INFO_EXIT, Linux 6.15); asked of a child that is made for it.</summary>
    PidfdExit,

    /// <summary>BPF programs that are called for each task; one that does nothing is attached for a moment.</summary>
    BpfIterator,

    /// <summary>BPF programs that see the packets of a network link; one is loaded and dropped.</summary>
    BpfLinkPacket,
}
