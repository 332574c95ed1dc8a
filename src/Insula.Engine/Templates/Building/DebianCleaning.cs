using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Templates.Building;

/// <summary>
/// Makes a bootstrapped Debian fit to be cloned (nothing in it that must be unique or that is only a trace of its making) and fit to
/// be a container (nothing is started that looks for hardware).
/// </summary>
internal sealed class DebianCleaning(TreeEditor tree)
{
    // Units that need devices, kernel modules, file systems or clocks of their own, and would fail or idle in a container.
    private static readonly string[] MaskedUnits =
    [
        "dev-hugepages.mount", "e2scrub_all.timer", "e2scrub_reap.service", "fstrim.timer", "kmod-static-nodes.service",
        "modprobe@.service", "proc-sys-fs-binfmt_misc.automount", "sys-kernel-config.mount", "sys-kernel-debug.mount",
        "sys-kernel-tracing.mount", "systemd-binfmt.service", "systemd-hwdb-update.service", "systemd-journald-audit.socket",
        "systemd-modules-load.service", "systemd-networkd-wait-online.service", "systemd-pstore.service", "systemd-remount-fs.service",
        "systemd-timesyncd.service", "systemd-udev-settle.service", "systemd-udev-trigger.service", "systemd-udevd-control.socket",
        "systemd-udevd-kernel.socket", "systemd-udevd.service",
    ];

    // Scripts of sysvinit's early boot that check and mount disks, set the clock or load modules.
    private static readonly string[] DroppedScripts =
    [
        "brightness", "checkfs.sh", "checkroot-bootclean.sh", "checkroot.sh", "hwclock.sh", "keyboard-setup.sh", "kmod",
        "mount-configfs", "mountdevsubfs.sh", "mountkernfs.sh", "udev",
    ];

    /// <summary>Does all of it.</summary>
    /// <param name="sources">The lines of sources.list.</param>
    public void Run(IReadOnlyList<string> sources)
    {
        ForgetIdentity();
        ForgetMaking();
        tree.Write("/etc/apt/sources.list", string.Join('\n', sources) + "\n");
        tree.Write("/etc/fstab", "# A container's file systems are mounted by its host.\n");
        if (!tree.Exists("/etc/network/interfaces"))
            tree.Write("/etc/network/interfaces", "auto lo\niface lo inet loopback\n\nsource /etc/network/interfaces.d/*\n");
        MakeHostKeysAtFirstBoot();
        QuietSyslog();
        if (tree.Exists("/lib/systemd/systemd") || tree.Exists("/usr/lib/systemd/systemd"))
            FitSystemd();
        if (tree.Exists("/etc/inittab"))
            FitSysVinit();
    }

    private void ForgetIdentity()
    {
        // Empty, so that systemd makes one at boot and dbus finds it there; missing would count as a first boot.
        tree.Write("/etc/machine-id", "");
        tree.Remove("/var/lib/dbus/machine-id");
        tree.Link("/var/lib/dbus/machine-id", "/etc/machine-id");
        tree.Remove("/var/lib/systemd/random-seed");
        tree.Remove("/var/lib/systemd/credential.secret");
        tree.Remove("/var/lib/urandom/random-seed");
        tree.ForEachFile("/etc/ssh", (parent, name, path) =>
        {
            if (path.StartsWith("/etc/ssh/ssh_host_", StringComparison.Ordinal))
                tree.Remove(path);
        });
        tree.Write("/etc/resolv.conf", "");
        tree.Remove("/etc/hostname");
        tree.Write("/etc/hosts", "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
    }

    private void ForgetMaking()
    {
        foreach (var directory in new[] { "/run", "/tmp", "/var/tmp", "/var/cache/apt/archives", "/var/cache/debconf", "/var/lib/apt/lists" })
            tree.Empty(directory);
        tree.MakeDirectory("/var/cache/apt/archives/partial", 0x1C0);
        tree.MakeDirectory("/var/lib/apt/lists/partial", 0x1C0);
        foreach (var file in new[]
        {
            "/var/cache/apt/pkgcache.bin", "/var/cache/apt/srcpkgcache.bin", "/var/cache/ldconfig/aux-cache", "/var/lib/dpkg/available-old",
            "/var/lib/dpkg/diversions-old", "/var/lib/dpkg/status-old", "/var/lib/dpkg/statoverride-old", "/etc/passwd-", "/etc/group-",
            "/etc/shadow-", "/etc/gshadow-", "/etc/subuid-", "/etc/subgid-", "/root/.bash_history", "/etc/apt/apt.conf.d/99mmdebstrap",
        })
            tree.Remove(file);
        tree.ForEachFile("/var/log", EmptyLog);
    }

    // wtmp, btmp and lastlog must be there with their owners; the logs of the installation need not.
    private void EmptyLog(FileDescriptor parent, byte[] name, string path)
    {
        if (path.EndsWith(".log", StringComparison.Ordinal) || path.StartsWith("/var/log/apt/", StringComparison.Ordinal))
        {
            tree.Remove(path);
            return;
        }

        var opened = DirectoryCalls.TryOpen(parent, name, OpenFlags.WriteOnly | OpenFlags.NonBlocking);
        if (opened == -(long)Errno.ELOOP)
            return;
        using var file = new FileDescriptor((int)Kernel.Check(opened, "open", path));
        Kernel.Check(FileData.TrySetSize(file, 0), "empty", path);
    }

    // Every container must have ssh host keys of its own.
    private void MakeHostKeysAtFirstBoot()
    {
        const string unit = "insula-ssh-host-keys.service";
        tree.Write($"/etc/systemd/system/{unit}", """
            [Unit]
            Description=Make the ssh host keys of this container
            Before=ssh.service ssh.socket sshd.service
            ConditionPathExists=!/etc/ssh/ssh_host_ed25519_key

            [Service]
            Type=oneshot
            ExecStart=/usr/bin/ssh-keygen -A

            [Install]
            WantedBy=multi-user.target ssh.service

            """);
        tree.Link($"/etc/systemd/system/multi-user.target.wants/{unit}", $"/etc/systemd/system/{unit}");
        tree.Link($"/etc/systemd/system/ssh.service.wants/{unit}", $"/etc/systemd/system/{unit}");
        // The init script of ssh reads this file before it checks its keys.
        if (tree.Exists("/etc/inittab") && tree.Read("/etc/default/ssh") is { } defaults)
            tree.Write("/etc/default/ssh", defaults.TrimEnd('\n') + "\n[ -e /etc/ssh/ssh_host_ed25519_key ] || /usr/bin/ssh-keygen -A >/dev/null\n");
    }

    // module(load="imklog") reads the kernel's log, which is the host's.
    private void QuietSyslog()
    {
        if (tree.Read("/etc/rsyslog.conf") is { } text)
            tree.Write("/etc/rsyslog.conf", text.Replace("\nmodule(load=\"imklog\"", "\n#module(load=\"imklog\"", StringComparison.Ordinal));
    }

    private void FitSystemd()
    {
        foreach (var unit in MaskedUnits)
            tree.Link($"/etc/systemd/system/{unit}", "/dev/null");
        // The host offers consoles as it sees fit; a login on tty1 is not for the template to decide.
        tree.Remove("/etc/systemd/system/getty.target.wants/getty@tty1.service");
        tree.Write("/etc/systemd/journald.conf.d/insula.conf", "[Journal]\nReadKMsg=no\nRuntimeMaxUse=16M\nSystemMaxUse=64M\n");
    }

    private void FitSysVinit()
    {
        var lines = tree.Read("/etc/inittab")!.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            // "1:2345:respawn:/sbin/getty 38400 tty1"
            if (!lines[i].StartsWith('#') && lines[i].Contains("getty", StringComparison.Ordinal))
                lines[i] = "#" + lines[i];
        }

        tree.Write("/etc/inittab", string.Join('\n', lines));
        foreach (var directory in new[] { "/etc/rcS.d", "/etc/rc0.d", "/etc/rc6.d" })
            tree.ForEachFile(directory, DropScript);
    }

    // "S01hwclock.sh"
    private void DropScript(FileDescriptor parent, byte[] name, string path)
    {
        if (name.Length > 3 && DroppedScripts.Contains(System.Text.Encoding.ASCII.GetString(name, 3, name.Length - 3)))
            tree.Remove(path);
    }
}
