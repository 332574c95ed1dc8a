namespace Insula.Bench.Contenders;

/// <summary>
/// lxc-start as an administrator calls it: it becomes a daemon and returns when the container runs. Twice: with the least that starts the
/// same container as the others, and configured as Debian's own configuration files do it for a container with a user namespace.
/// </summary>
internal sealed class Lxc : IContender
{
    private readonly Workspace _workspace;
    private readonly string _directory;
    private readonly string _containers;
    private readonly string _id;
    private readonly LxcVariant _variant;

    public Lxc(Workspace workspace, string startProgram, string rootFileSystem, LxcVariant variant)
    {
        _workspace = workspace;
        _directory = Path.GetDirectoryName(startProgram)!;
        _variant = variant;
        _id = $"{workspace.Name}-{variant.Name}";
        _containers = workspace.MakeDirectory(variant.Name);
        Directory.CreateDirectory(Path.Combine(_containers, _id));
        File.WriteAllText(ConfigurationFile, variant.Configuration(rootFileSystem, workspace.Name));
    }

    public string Name => _variant.Title;

    public string Note => _variant.Note;

    public bool HasAddress => _variant.HasAddress;

    public Command Version => Program("lxc-start", "--version");

    public Command Start => Program("lxc-start", "-P", _containers, _id);

    private string ConfigurationFile => Path.Combine(_containers, _id, "config");

    public Command Exec(params string[] command) => Program("lxc-attach", ["-P", _containers, _id, "--", .. command]);

    public void Prepare()
    {
        _variant.Prepare();
        _workspace.Undo(() => Kill.TryRun());
    }

    public void Stop() => Kill.Run();

    private Command Kill => Program("lxc-stop", "-k", "-P", _containers, _id);

    private Command Program(string name, params string[] arguments)
        => new(Path.Combine(_directory, name), arguments) { OutputFile = _workspace.OutputFile, Environment = _variant.Environment, View = _variant.View };
}
