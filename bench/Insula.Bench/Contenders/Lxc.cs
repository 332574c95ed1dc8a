namespace Insula.Bench.Contenders;

/// <summary>lxc-start -d with a configuration file of its own.</summary>
internal sealed class Lxc : IContender
{
    // Without newuidmap on its PATH, LXC writes the id map itself, as root may, and needs no entry in /etc/subuid; that is also faster.
    private static readonly string[] NoHelpers = ["PATH=/nonexistent", "HOME=/root", "LC_ALL=C"];

    private readonly Workspace _workspace;
    private readonly string _directory;
    private readonly string _containers;
    private readonly string _name;

    public Lxc(Workspace workspace, string startProgram, string rootFileSystem)
    {
        _workspace = workspace;
        _directory = Path.GetDirectoryName(startProgram)!;
        _containers = workspace.MakeDirectory("lxc");
        _name = workspace.Name;
        File.WriteAllText(ConfigurationFile, Configuration(rootFileSystem, workspace.Name));
    }

    public string Name => "lxc";

    public string Note => "lxc makes three cgroups in every hierarchy, sets no limit, and leaves a monitor process for each container.";

    public Command Version => Program("lxc-start", "--version");

    public Command Start => Program("lxc-start", "-P", _containers, "-n", _name, "-f", ConfigurationFile, "-d");

    private string ConfigurationFile => Path.Combine(_containers, "config");

    public Command Exec(params string[] command) => Program("lxc-attach", ["-P", _containers, "-n", _name, "--", .. command]);

    public void Prepare() => _workspace.Undo(() => Program("lxc-stop", "-k", "-P", _containers, "-n", _name).TryRun());

    public void Stop() => Program("lxc-stop", "-k", "-P", _containers, "-n", _name).Run();

    private Command Program(string name, params string[] arguments)
        => new(Path.Combine(_directory, name), arguments) { OutputFile = _workspace.OutputFile, Environment = NoHelpers };

    private static string Configuration(string rootFileSystem, string cgroup) => $"""
        lxc.uts.name = bench
        lxc.rootfs.path = dir:{rootFileSystem}
        lxc.init.cmd = /sbin/init
        lxc.idmap = u 0 {BusyboxTree.FirstId} 65536
        lxc.idmap = g 0 {BusyboxTree.FirstId} 65536
        lxc.net.0.type = empty
        lxc.mount.auto = proc:mixed sys:ro
        lxc.autodev = 1
        lxc.tty.max = 0
        lxc.apparmor.profile = unchanged
        lxc.cgroup.dir.monitor = {cgroup}/lxc-monitor
        lxc.cgroup.dir.monitor.pivot = {cgroup}/lxc-pivot
        lxc.cgroup.dir.container = {cgroup}/lxc

        """;
}
