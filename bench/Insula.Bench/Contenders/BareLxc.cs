namespace Insula.Bench.Contenders;

/// <summary>The least configuration that makes the same namespaces: less than anybody runs.</summary>
internal sealed class BareLxc : LxcVariant
{
    public override string Name => "lxc-bare";

    public override string Title => "lxc, bare";

    public override string Note => "lxc, bare: no system call filter, no device rules, no limits, all capabilities, no terminals, an empty network, and the id map "
        + "written by root itself. It makes three cgroups in every hierarchy and leaves a monitor process for each container.";

    // Without newuidmap on its PATH, LXC writes the id map itself, as root may, and needs no entry in /etc/subuid; that is also faster.
    public override IReadOnlyList<string> Environment => ["PATH=/nonexistent", "HOME=/root", "LC_ALL=C"];

    public override string Configuration(string rootFileSystem, string cgroup) => Common(rootFileSystem, cgroup, Name) + """
        lxc.init.cmd = /sbin/init
        lxc.net.0.type = empty
        lxc.mount.auto = proc:mixed sys:ro
        lxc.autodev = 1
        lxc.tty.max = 0
        lxc.apparmor.profile = unchanged

        """;
}
