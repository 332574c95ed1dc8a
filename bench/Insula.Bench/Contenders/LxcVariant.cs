namespace Insula.Bench.Contenders;

/// <summary>One way to configure LXC.</summary>
internal abstract class LxcVariant
{
    /// <summary>Names its files and its container.</summary>
    public abstract string Name { get; }

    /// <summary>What it is called in the table.</summary>
    public abstract string Title { get; }

    public abstract string Note { get; }

    /// <summary>True if the container gets a network device, to be compared with one of ours that has an address.</summary>
    public virtual bool HasAddress => false;

    public abstract IReadOnlyList<string> Environment { get; }

    /// <summary>The mounts its programs see, if not the host's; made by <see cref="Prepare"/>.</summary>
    public MountView? View { get; protected set; }

    /// <summary>What must be there before the first start.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>The container's configuration file.</summary>
    public abstract string Configuration(string rootFileSystem, string cgroup);

    // What LXC needs to be told on any host where the benchmark runs: whose files, which ids, and where its cgroups are.
    private protected static string Common(string rootFileSystem, string cgroup, string name) => $"""
        lxc.uts.name = bench
        lxc.rootfs.path = dir:{rootFileSystem}
        lxc.idmap = u 0 {BusyboxTree.FirstId} 65536
        lxc.idmap = g 0 {BusyboxTree.FirstId} 65536
        lxc.cgroup.dir.monitor = {cgroup}/{name}-monitor
        lxc.cgroup.dir.monitor.pivot = {cgroup}/{name}-pivot
        lxc.cgroup.dir.container = {cgroup}/{name}

        """;
}
