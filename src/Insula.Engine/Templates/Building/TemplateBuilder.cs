using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Templates.Building;

/// <summary>Builds templates and puts them into the cache. A build that fails or is cancelled leaves nothing behind.</summary>
/// <param name="layers">The store whose cache gets the template.</param>
public sealed class TemplateBuilder(LayerStore layers)
{
    // Every busybox template of one busybox is the same file: 2024-01-01.
    private static readonly FileTime BusyboxTime = new(1704067200, 0);

    /// <summary>Builds a template.</summary>
    /// <param name="kind">What.</param>
    /// <param name="options">How; null for the usual way.</param>
    /// <param name="progress">Told each step.</param>
    /// <returns>The template as it is in the cache.</returns>
    /// <exception cref="InsulaException">Not root (12), a program is missing (6), the name is taken (21), or the build failed (91).</exception>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public TemplateInfo Build(TemplateKind kind, TemplateBuildOptions? options = null, Action<TemplateProgress>? progress = null)
    {
        options ??= new TemplateBuildOptions();
        var cache = layers.Cache;
        var name = options.Name ?? TemplateName.Parse(kind.Name);
        if (!Environment.IsPrivilegedProcess)
            throw new InsulaException(ExitCode.NoPermission, "Only root can build a template");
        Directory.CreateDirectory(cache.DirectoryPath);
        cache.RefuseTaken(name, options.Replace);
        using var work = new TemplateWork(cache.DirectoryPath);
        var root = Directory.CreateDirectory($"{work.Path}/root").FullName;
        File.SetUnixFileMode(root, (UnixFileMode)0x1ED); // 0755
        Fill(kind, options, work.Path, root, progress);
        options.Cancellation.ThrowIfCancellationRequested();
        progress?.Invoke(new TemplateProgress(TemplateStage.Packing, "packing", 0, 0));
        var archive = $"{work.Path}/archive";
        var compression = TemplateCache.PackDirectory(root, archive, progress, kind.IsDebian ? null : BusyboxTime);
        options.Cancellation.ThrowIfCancellationRequested();
        return cache.Install(name, archive, compression, options.Replace, progress);
    }

    private static void Fill(TemplateKind kind, TemplateBuildOptions options, string work, string root, Action<TemplateProgress>? progress)
    {
        if (kind.IsDebian)
        {
            var bootstrap = new DebianBootstrap(kind, options, progress);
            bootstrap.Run(work, root);
            progress?.Invoke(new TemplateProgress(TemplateStage.Cleaning, "making it fit to be cloned", 0, 0));
            using var tree = RootDirectory.Open(root);
            new DebianCleaning(new TreeEditor(tree)).Run(bootstrap.Sources);
            TemplateCheck.RequireBootable(tree);
        }
        else
        {
            progress?.Invoke(new TemplateProgress(TemplateStage.Configuring, "making the files", 0, 0));
            using var tree = RootDirectory.Open(root);
            new BusyboxTree(new TreeEditor(tree), options.BusyboxProgram).Make();
            TemplateCheck.RequireBootable(tree);
        }
    }
}
