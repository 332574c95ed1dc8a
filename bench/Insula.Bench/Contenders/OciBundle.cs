using System.Text.Json;

namespace Insula.Bench.Contenders;

/// <summary>The config.json of the OCI runtime specification for a system container with seven namespaces.</summary>
internal static class OciBundle
{
    private static readonly string[] Namespaces = ["user", "mount", "pid", "network", "ipc", "uts", "cgroup"];

    // Docker's default bounding set, which is close to what a system container keeps.
    private static readonly string[] Capabilities =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP",
        "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SYS_CHROOT", "CAP_MKNOD", "CAP_AUDIT_WRITE", "CAP_SETFCAP",
    ];

    private static readonly string[] MaskedPaths = ["/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/sched_debug", "/sys/firmware"];

    private static readonly string[] ReadOnlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sysrq-trigger"];

    public static string Configuration(string rootFileSystem, string cgroup) => JsonSerializer.Serialize(new
    {
        ociVersion = "1.0.2",
        process = Init(),
        root = new { path = rootFileSystem },
        hostname = "bench",
        mounts = Mounts(),
        linux = new
        {
            uidMappings = IdMap(),
            gidMappings = IdMap(),
            cgroupsPath = cgroup,
            namespaces = Namespaces.Select(type => new { type }),
            maskedPaths = MaskedPaths,
            readonlyPaths = ReadOnlyPaths,
        },
    });

    private static object Init() => new
    {
        terminal = false,
        user = new { uid = 0, gid = 0 },
        args = new[] { "/sbin/init" },
        env = new[] { "PATH=/usr/sbin:/usr/bin:/sbin:/bin" },
        cwd = "/",
        capabilities = new { bounding = Capabilities, effective = Capabilities, permitted = Capabilities },
    };

    private static object[] Mounts() =>
    [
        Mount("/proc", "proc", "nosuid", "noexec", "nodev"),
        Mount("/dev", "tmpfs", "nosuid", "mode=755", "size=65536k"),
        Mount("/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"),
        Mount("/dev/shm", "tmpfs", "nosuid", "nodev", "mode=1777"),
        Mount("/dev/mqueue", "mqueue", "nosuid", "noexec", "nodev"),
        Mount("/sys", "sysfs", "nosuid", "noexec", "nodev", "ro"),
    ];

    private static object Mount(string destination, string type, params string[] options) => new { destination, type, source = type, options };

    private static object[] IdMap() => [new { containerID = 0, hostID = BusyboxTree.FirstId, size = 65536 }];
}
