namespace Insula.Bench.Contenders;

/// <summary>crun or runc: a bundle, a state directory, run --detach, exec, delete.</summary>
internal sealed class OciRuntime : IContender
{
    private readonly Workspace _workspace;
    private readonly string _path;
    private readonly string _bundle;
    private readonly string _state;
    private readonly string _id;
    private readonly MountView? _view;

    public OciRuntime(Workspace workspace, string path, string rootFileSystem, MountView? view)
    {
        _workspace = workspace;
        _path = path;
        _view = view;
        Name = Path.GetFileName(path);
        _id = $"{workspace.Name}-{Name}";
        _bundle = workspace.MakeDirectory("bundle-" + Name);
        _state = workspace.MakeDirectory("state-" + Name);
        File.WriteAllText(Path.Combine(_bundle, "config.json"), OciBundle.Configuration(rootFileSystem, $"/{workspace.Name}/{Name}"));
    }

    public string Name { get; }

    public string Note => Name + " makes one cgroup in every hierarchy, sets no limit and no system call filter"
        + (_view is null ? "." : "; it refuses hybrid hosts and is shown a plain v1 one (cgroup2 covered in a mount namespace).");

    public Command Version => new(_path, "--version") { OutputFile = _workspace.OutputFile };

    public Command Start => Runtime("run", "--detach", "--bundle", _bundle, _id);

    public Command Exec(params string[] command) => Runtime(["exec", _id, .. command]);

    public void Prepare() => _workspace.Undo(() => Runtime("delete", "--force", _id).TryRun());

    public void Stop() => Runtime("delete", "--force", _id).Run();

    private Command Runtime(params string[] arguments)
    {
        string[] global = Name == "crun" ? ["--cgroup-manager=cgroupfs", "--root", _state] : ["--root", _state];
        return new(_path, [.. global, .. arguments]) { OutputFile = _workspace.OutputFile, View = _view };
    }
}
