namespace Insula.Bench.Contenders;

internal sealed class InsulaContender(Workspace workspace) : IContender
{
    /// <summary>Far from the numbers people give.</summary>
    public const string Ctid = "900101";

    public const string Template = "bench-busybox";

    private bool _prepared;

    public string Name => "Insula";

    public string Note => "vzctl start also checks the configuration, locks, mounts the overlay root, sets limits and runs action scripts.";

    public Command Version => workspace.Insula("vzctl", "--version");

    public Command Start => workspace.Insula("vzctl", "start", Ctid);


    public Command Status => workspace.Insula("vzctl", "status", Ctid);

    public Command Exec(params string[] command) => workspace.Insula("vzctl", ["exec", Ctid, .. command]);

    /// <summary>A command that did nothing is not a fast command.</summary>
    /// <exception cref="BenchException">vzctl status of the container does not have the word.</exception>
    public void Expect(string ctid, string word)
    {
        var status = workspace.Insula("vzctl", "status", ctid);
        status.Run();
        if (!status.Output.Split(' ').Contains(word))
            throw new BenchException($"CT {ctid} is not '{word}' but '{status.Output}'");
    }

    public Command Create(string ctid) => workspace.Insula("vzctl", "create", ctid, "--ostemplate", Template);

    public Command Destroy(string ctid) => workspace.Insula("vzctl", "destroy", ctid);

    public void Prepare()
    {
        if (_prepared)
            return;
        workspace.Undo(Remove);
        workspace.Insula("insula", "template", "import", BusyboxTree.Make(workspace, "template-root"), "--name", Template).Run();
        Create(Ctid).Run();
        Expect(Ctid, "exist");
        _prepared = true;
    }

    public void Stop() => workspace.Insula("vzctl", "stop", Ctid, "--fast").Run();

    private void Remove()
    {
        workspace.Insula("vzctl", "stop", Ctid, "--fast").TryRun();
        workspace.Insula("vzctl", "umount", Ctid).TryRun();
        Destroy(Ctid).TryRun();
    }
}
