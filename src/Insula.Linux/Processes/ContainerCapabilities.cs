namespace Insula.Linux.Processes;

/// <summary>
/// What the root of a container may do. In its own user namespace most capabilities mean only the container's own things, so it keeps
/// them; it loses those that the kernel asks for on the host only. They would do nothing, but units of systemd test for them
/// (ConditionCapability=) and start services that then fail, and in a privileged container they would do a lot.
/// docs/security.md lists all 41.
/// </summary>
public static class ContainerCapabilities
{
    /// <summary>Taken out of every container's bounding set unless its configuration gives them back.</summary>
    public static CapabilitySet Dropped => CapabilitySet.Of(
        Capability.SysModule,    // kernel code; systemd-modules-load and kmod-static-nodes then do not start
        Capability.SysRawIo,     // ports and memory of the machine; the debugfs, tracefs and configfs mounts then do not start
        Capability.SysPacct,     // process accounting; acct(2) is refused by the seccomp filter too
        Capability.SysTime,      // the one wall clock; systemd-timesyncd, chrony and ntpsec then do not start
        Capability.MacOverride,  // the host's security policy
        Capability.MacAdmin,     // the host's security policy
        Capability.Syslog,       // the host's kernel log
        Capability.AuditControl, // the host's audit rules; auditd then does not start
        Capability.AuditRead,    // the host's audit records; systemd-journald-audit.socket then does not start
        Capability.PerfMon,      // counters of the whole machine
        Capability.Bpf);         // programs in the kernel

    /// <summary>The bounding set of a container on a kernel whose highest capability is <paramref name="last"/>.</summary>
    /// <remarks>A capability newer than this program is dropped: nobody has looked at it.</remarks>
    public static CapabilitySet Default(int last)
        => CapabilitySet.UpTo(Math.Min(last, CapabilityNames.Count - 1)) - Dropped;
}
