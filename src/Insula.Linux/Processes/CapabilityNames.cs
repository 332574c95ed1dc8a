namespace Insula.Linux.Processes;

/// <summary>Names of capabilities: the kernel's in lower case without "cap_", and what OpenVZ called them.</summary>
public static class CapabilityNames
{
    private static readonly string[] Names =
    [
        "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap", "linux_immutable",
        "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner", "sys_module", "sys_rawio",
        "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice", "sys_resource", "sys_time", "sys_tty_config",
        "mknod", "lease", "audit_write", "audit_control", "setfcap", "mac_override", "mac_admin", "syslog", "wake_alarm",
        "block_suspend", "audit_read", "perfmon", "bpf", "checkpoint_restore",
    ];

    /// <summary>The names this program knows, in the order of the numbers.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>How many capabilities this program has a name for; a newer kernel may have more.</summary>
    public static int Count => Names.Length;

    /// <summary>The name of a capability: <c>net_admin</c>; "cap_41" for one that is newer than this program.</summary>
    public static string Name(Capability capability)
        => (int)capability < Names.Length ? Names[(int)capability] : $"cap_{(int)capability}";

    /// <summary>
    /// Reads a name in any case, with or without "cap_". Two names of OpenVZ's: <c>ve_admin</c>, its right to administer a container
    /// from inside, is sys_admin and net_admin here, since a container's user namespace confines them to what is its own; its bit 30
    /// is audit_control on a mainline kernel and is never meant. <c>setveid</c> is how OpenVZ's manual spells audit_write.
    /// </summary>
    /// <returns>False when no capability has this name.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out CapabilitySet set)
    {
        var name = text.StartsWith("cap_", StringComparison.OrdinalIgnoreCase) ? text[4..] : text;
        for (var i = 0; i < Names.Length; i++)
        {
            if (name.Equals(Names[i], StringComparison.OrdinalIgnoreCase))
            {
                set = CapabilitySet.Of((Capability)i);
                return true;
            }
        }
        set = OpenVzAlias(name);
        return set != CapabilitySet.Empty;
    }

    private static CapabilitySet OpenVzAlias(ReadOnlySpan<char> name)
    {
        if (name.Equals("ve_admin", StringComparison.OrdinalIgnoreCase))
            return CapabilitySet.Of(Capability.SysAdmin, Capability.NetAdmin);
        if (name.Equals("setveid", StringComparison.OrdinalIgnoreCase))
            return CapabilitySet.Of(Capability.AuditWrite);
        return CapabilitySet.Empty;
    }
}
