namespace Insula.Bench.Contenders;

/// <summary>The peers that this machine has.</summary>
internal static class Peers
{
    private static readonly string[] Directories = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin"];

    public static IEnumerable<IContender> Installed(Workspace workspace)
    {
        var root = BusyboxTree.GiveToRange(BusyboxTree.Make(workspace, "peer-root"));
        if (Find("crun") is { } crun)
        {
            var view = MountView.ForHybridHost();
            if (view is not null)
                workspace.Undo(view.Dispose);
            yield return new OciRuntime(workspace, crun, root, view);
        }

        if (Find("runc") is { } runc)
            yield return new OciRuntime(workspace, runc, root, view: null);
        if (Find("lxc-start") is not { } lxc)
            yield break;
        yield return new Lxc(workspace, lxc, root, new BareLxc());
        if (Directory.Exists(DebianLxc.ConfigurationDirectory) && Find("newuidmap") is not null)
            yield return new Lxc(workspace, lxc, root, new DebianLxc(workspace));
    }

    private static string? Find(string program)
        => Directories.Select(directory => Path.Combine(directory, program)).FirstOrDefault(File.Exists);
}
