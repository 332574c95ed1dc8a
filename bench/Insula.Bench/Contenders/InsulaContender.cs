namespace Insula.Bench.Contenders;

/// <param name="workspace">Where everything is.</param>
/// <param name="ctid">The container.</param>
/// <param name="address">Its address, or null for one without a network device.</param>
internal sealed class InsulaContender(Workspace workspace, string ctid, string? address = null) : IContender
{
    public const string Template = "bench-busybox";

    private bool _prepared;

    public string Name => address is null ? "Insula" : "Insula with an address";

    public string Note => address is not null ? "" : "vzctl start also checks the configuration, locks, mounts the overlay root, sets limits and runs action scripts.";

    public Command Version => workspace.Insula("vzctl", "--version");

    public Command Start => workspace.Insula("vzctl", "start", ctid);

    public string Ctid => ctid;

    public bool HasAddress => address is not null;

    public Command Status => workspace.Insula("vzctl", "status", ctid);

    public Command Exec(params string[] command) => workspace.Insula("vzctl", ["exec", ctid, .. command]);

    /// <summary>A command that did nothing is not a fast command.</summary>
    /// <exception cref="BenchException">vzctl status of the container does not have the word.</exception>
    public void Expect(string number, string word)
    {
        var status = workspace.Insula("vzctl", "status", number);
        status.Run();
        if (!status.Output.Split(' ').Contains(word))
            throw new BenchException($"CT {number} is not '{word}' but '{status.Output}'");
    }

    public Command Create(string number) => workspace.Insula("vzctl", "create", number, "--ostemplate", Template);

    public Command Destroy(string number) => workspace.Insula("vzctl", "destroy", number);

    public void Prepare()
    {
        if (_prepared)
            return;
        workspace.Undo(Remove);
        if (!workspace.Insula("insula", "template", "info", Template).TryRun())
            workspace.Insula("insula", "template", "import", BusyboxTree.Make(workspace, "template-root"), "--name", Template).Run();
        Create(ctid).Run();
        Expect(ctid, "exist");
        if (address is not null)
            workspace.Insula("vzctl", "set", ctid, "--ipadd", address, "--save").Run();
        _prepared = true;
    }

    public void Stop() => workspace.Insula("vzctl", "stop", ctid, "--fast").Run();

    private void Remove()
    {
        workspace.Insula("vzctl", "stop", ctid, "--fast").TryRun();
        workspace.Insula("vzctl", "umount", ctid).TryRun();
        Destroy(ctid).TryRun();
    }
}
