using Insula.Engine.Parameters.Kinds;

namespace Insula.Engine.Parameters.Catalog;

/// <summary>The kinds that several declarations share.</summary>
internal static class Grammar
{
    public static readonly BarrierLimitKind Items = new(ResourceUnit.Items);
    public static readonly BarrierLimitKind Pages = new(ResourceUnit.Pages);
    public static readonly BarrierLimitKind Bytes = new(ResourceUnit.Bytes);
    public static readonly MemorySizeKind MemorySize = new();
    public static readonly YesNoKind YesNo = new();
    public static readonly PathKind HostPath = new();
    public static readonly FileNameKind FileName = new();
    public static readonly IntegerKind Seconds = new(0, int.MaxValue);

    /// <summary>The capabilities of capabilities(7) by bit, under the names that OpenVZ uses; ve_admin and setveid have no meaning here.</summary>
    public static readonly IReadOnlyList<string> Capabilities =
    [
        "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap", "linux_immutable",
        "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner", "sys_module", "sys_rawio", "sys_chroot",
        "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time", "sys_tty_config", "mknod", "lease",
        "audit_write", "ve_admin", "setfcap", "mac_override", "mac_admin", "syslog", "wake_alarm", "block_suspend", "audit_read",
        "perfmon", "bpf", "checkpoint_restore",
    ];

    /// <summary>The features of OpenVZ's vzctl(8); "time" is Virtuozzo 7's.</summary>
    public static readonly IReadOnlyList<string> Features = ["sysfs", "nfs", "sit", "ipip", "ppp", "ipgre", "bridge", "nfsd", "time"];
}
