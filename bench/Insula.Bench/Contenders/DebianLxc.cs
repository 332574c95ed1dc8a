namespace Insula.Bench.Contenders;

/// <summary>
/// What `lxc-create` writes on Debian for a container with a user namespace: the packaged common.conf and userns.conf and the lines of
/// /etc/lxc/default.conf, with a bridge of the benchmark's own in the place of lxcbr0. Nothing is added to these.
/// </summary>
internal sealed class DebianLxc(Workspace workspace) : LxcVariant
{
    public const string ConfigurationDirectory = "/usr/share/lxc/config";

    private readonly string _bridge = "ib" + System.Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public override string Name => "lxc-debian";

    public override string Title => "lxc, Debian's configuration";

    public override string Note => "lxc, Debian's configuration: common.conf and userns.conf as packaged (Debian's seccomp policy of five calls, four consoles, "
        + "a device directory, mounts; userns.conf takes the device rules and capability drops of common.conf back) and default.conf (a veth on a "
        + "bridge, AppArmor where the kernel has it), ids mapped by newuidmap. No limits. Insula's container has a venet address beside it, "
        + "device rules, limits, and a filter of some hundred calls.";

    public override bool HasAddress => true;

    public override IReadOnlyList<string> Environment => ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C"];

    public override void Prepare()
    {
        Ip("link", "add", _bridge, "type", "bridge").Run();
        workspace.Undo(() => Ip("link", "delete", _bridge).TryRun());
        Ip("link", "set", _bridge, "up").Run();
        View = MountView.WithFiles([("/etc/subuid", SubordinateIds("/etc/subuid")), ("/etc/subgid", SubordinateIds("/etc/subgid"))]);
        workspace.Undo(View.Dispose);
    }

    public override string Configuration(string rootFileSystem, string cgroup) => $"""
        lxc.include = {ConfigurationDirectory}/common.conf
        lxc.include = {ConfigurationDirectory}/userns.conf
        lxc.net.0.type = veth
        lxc.net.0.link = {_bridge}
        lxc.net.0.flags = up
        lxc.apparmor.profile = generated
        lxc.apparmor.allow_nesting = 1

        """ + Common(rootFileSystem, cgroup, Name);

    // newuidmap(1) maps for root, too, only what these files grant. The host's stay as they are: the copies cover them for LXC alone.
    private string SubordinateIds(string file)
    {
        var copy = Path.Combine(workspace.Root, Path.GetFileName(file));
        var present = File.Exists(file) ? File.ReadAllLines(file) : [];
        File.WriteAllLines(copy, [.. present.Where(line => !line.StartsWith("root:", StringComparison.Ordinal)), $"root:{BusyboxTree.FirstId}:65536"]);
        return copy;
    }

    private Command Ip(params string[] arguments) => new("/bin/ip", arguments) { OutputFile = workspace.OutputFile };
}
