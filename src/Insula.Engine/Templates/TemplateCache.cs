using Insula.Engine.Host;
using Insula.Engine.Templates.Compression;
using Insula.Engine.Templates.Tar;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Templates;

/// <summary>
/// The templates of a host: TEMPLATE/cache/NAME.tar, .tar.gz, .tar.xz, .tar.zst or .tar.bz2, as OpenVZ has them. An archive that is
/// put there by hand is a template like any other; how it is compressed is seen from its content.
/// </summary>
public sealed class TemplateCache
{
    // The order in which one is chosen if a name is there twice.
    private static readonly string[] Suffixes = [".tar.zst", ".tar.gz", ".tar.xz", ".tar.bz2", ".tar", ".tgz", ".txz"];

    private readonly string _directory;
    private readonly LayerStore _layers;

    internal TemplateCache(HostLayout layout, LayerStore layers)
    {
        _directory = layout.TemplateCacheDirectory;
        _layers = layers;
    }

    /// <summary>The directory of the archives.</summary>
    public string DirectoryPath => _directory;

    /// <summary>The archive of a template.</summary>
    /// <exception cref="InsulaException">There is none (91).</exception>
    public string Find(TemplateName name)
        => TryFind(name) ?? throw new InsulaException(
            ExitCode.TemplateNotFound,
            $"Template {name} is not in {_directory}",
            "'insula template list' shows what is there, 'insula template create' makes one");

    /// <summary>The archive of a template, or null.</summary>
    public string? TryFind(TemplateName name)
    {
        foreach (var suffix in Suffixes)
        {
            var path = $"{_directory}/{name}{suffix}";
            if (File.Exists(path))
                return path;
        }

        return null;
    }

    /// <summary>All templates by name. A file whose name is no template's is left out.</summary>
    /// <param name="privateAreas">The private areas of all containers, for counting users.</param>
    public IReadOnlyList<TemplateInfo> List(IEnumerable<string> privateAreas)
    {
        if (!Directory.Exists(_directory))
            return [];
        var used = LayerStore.LayersInUse(privateAreas);
        var names = new SortedSet<TemplateName>();
        foreach (var path in Directory.EnumerateFiles(_directory))
        {
            if (NameOf(path) is { } name)
                names.Add(name);
        }

        var templates = new List<TemplateInfo>(names.Count);
        foreach (var name in names)
        {
            if (TryFind(name) is { } path)
                templates.Add(Describe(name, path, used));
        }

        return templates;
    }

    /// <summary>All that is known about one template.</summary>
    /// <exception cref="InsulaException">There is no such template (91).</exception>
    public TemplateDetails Info(TemplateName name, IEnumerable<string> privateAreas)
    {
        using var archive = ArchiveSource.Open(Find(name));
        var template = Describe(name, archive.Path, LayerStore.LayersInUse(privateAreas));
        return new TemplateDetails(template, archive.Compression, template.Digest is { } digest ? _layers.Info(digest) : null);
    }

    /// <summary>Adds an archive, or packs a directory, as a template. It appears in the cache complete or not at all.</summary>
    /// <param name="source">An archive or a directory of the host.</param>
    /// <param name="name">The template's name; null takes it from the file or directory.</param>
    /// <param name="replace">Replace a template of that name.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <exception cref="InsulaException">The name is taken (21), or the file is no archive (47).</exception>
    public TemplateInfo Import(string source, TemplateName? name = null, bool replace = false, Action<TemplateProgress>? progress = null)
    {
        var target = name ?? NameOf(source, anySuffix: true) ?? TemplateName.Parse(Path.GetFileName(source.TrimEnd('/')));
        RefuseTaken(target, replace);
        using var work = new TemplateWork(_directory);
        var temporary = $"{work.Path}/archive";
        var compression = Directory.Exists(source)
            ? PackDirectory(source, temporary, progress)
            : CopyArchive(source, temporary, progress);
        return Install(target, temporary, compression, replace, progress);
    }

    /// <summary>Removes a template and its layer.</summary>
    /// <exception cref="InsulaException">There is no such template (91), or a container uses its layer (41).</exception>
    public void Remove(TemplateName name, Func<IEnumerable<string>> privateAreas)
    {
        var path = Find(name);
        if (DigestOfLayer(path) is { } digest && !IsSharedWithAnother(path, digest))
            _layers.Remove(digest, privateAreas);
        File.Delete(path);
        _layers.Digests.Remove(path);
    }

    // Records can be lost, with a purge of the package: then only the archive itself tells whose layer is to go with it.
    private LayerDigest? DigestOfLayer(string path)
    {
        if (_layers.Digests.FindRecorded(path) is { } recorded)
            return recorded;
        if (_layers.List().Count == 0)
            return null;
        using var archive = ArchiveSource.Open(path);
        return _layers.DigestOf(archive, progress: null);
    }

    /// <summary>Checks a template: its digest, that the archive can be read to its end, and its layer file by file.</summary>
    public TemplateVerification Verify(TemplateName name, Action<TemplateProgress>? progress = null)
    {
        using var archive = ArchiveSource.Open(Find(name));
        void Report(long done) => progress?.Invoke(new TemplateProgress(TemplateStage.Reading, "", done, archive.Status.Size));
        var recorded = _layers.Digests.FindRecorded(archive.Path);
        var digest = archive.ComputeDigest(Report);
        long entries = 0;
        string? damage = null;
        try
        {
            using var content = archive.OpenContent(Report);
            var reader = new TarReader(content);
            while (reader.Next() is not null)
                entries++;
        }
        catch (ArchiveException error)
        {
            damage = error.Message;
        }

        var layer = recorded ?? digest;
        return new TemplateVerification(digest, recorded, entries, damage, _layers.IsPresent(layer) ? _layers.Verify(layer, progress) : null);
    }

    /// <summary>Puts a finished archive of ours into the cache.</summary>
    internal TemplateInfo Install(
        TemplateName name, string temporary, ArchiveCompression compression, bool replace, Action<TemplateProgress>? progress)
    {
        // Again, since making the archive may have taken minutes.
        RefuseTaken(name, replace);
        _layers.Prepare();
        var path = $"{_directory}/{name}{compression.Suffix()}";
        var replaced = TryFind(name);
        File.SetUnixFileMode(temporary, (UnixFileMode)0x1A4); // 0644
        File.Move(temporary, path, overwrite: true);
        if (replaced is not null && replaced != path)
            File.Delete(replaced);
        using (var directory = Files.Open(_directory, OpenFlags.ReadOnly | OpenFlags.Directory))
            FileData.Sync(directory, _directory);
        using var archive = ArchiveSource.Open(path);
        _layers.DigestOf(archive, progress);
        return Describe(name, path, new Dictionary<LayerDigest, int>());
    }

    internal void RefuseTaken(TemplateName name, bool replace)
    {
        if (!replace && TryFind(name) is { } path)
            throw new InsulaException(ExitCode.BadValue, $"There is a template {name} already: {path}", "choose another name or use --force");
    }

    internal static ArchiveCompression PackDirectory(
        string source, string target, Action<TemplateProgress>? progress, FileTime? fixedTime = null)
    {
        var compression = ArchiveTarget.Preferred;
        using var archive = ArchiveTarget.Create(target, compression);
        new TreePacker(archive.Content, done => progress?.Invoke(new TemplateProgress(TemplateStage.Packing, "", done, 0))) { FixedTime = fixedTime }
            .Pack(source);
        archive.Finish();
        return compression;
    }

    private static ArchiveCompression CopyArchive(string source, string target, Action<TemplateProgress>? progress)
    {
        using var archive = ArchiveSource.Open(source);
        CheckIsArchive(archive);
        progress?.Invoke(new TemplateProgress(TemplateStage.Packing, "copying", 0, archive.Status.Size));
        File.Copy(source, target);
        using var copy = Files.Open(target, OpenFlags.ReadOnly);
        FileData.Sync(copy, target);
        return archive.Compression;
    }

    // One entry proves that it is a tar archive; 'verify' reads the rest.
    private static void CheckIsArchive(ArchiveSource archive)
    {
        try
        {
            using var content = archive.OpenContent();
            if (new TarReader(content).Next() is null)
                throw new ArchiveException("the archive is empty");
        }
        catch (ArchiveException error)
        {
            throw new InsulaException(ExitCode.BadTemplate, $"{archive.Path} is no template: {error.Message}", cause: error);
        }
    }

    private bool IsSharedWithAnother(string path, LayerDigest digest)
    {
        foreach (var other in Directory.EnumerateFiles(_directory))
        {
            if (other != path && NameOf(other) is not null && _layers.Digests.FindRecorded(other) == digest)
                return true;
        }

        return false;
    }

    private TemplateInfo Describe(TemplateName name, string path, IReadOnlyDictionary<LayerDigest, int> used)
    {
        using var file = Files.Open(path, OpenFlags.Path);
        var status = FileStatus.Of(file, path);
        var digest = _layers.Digests.Find(path, status);
        return new TemplateInfo(
            name,
            path,
            status.Size,
            DateTimeOffset.FromUnixTimeSeconds(status.Modified.Seconds),
            digest,
            digest is { } known && _layers.IsPresent(known),
            digest is { } counted ? used.GetValueOrDefault(counted) : 0);
    }

    private static TemplateName? NameOf(string path, bool anySuffix = false)
    {
        var file = Path.GetFileName(path.AsSpan().TrimEnd('/'));
        foreach (var suffix in Suffixes)
        {
            if (file.EndsWith(suffix, StringComparison.Ordinal) && TemplateName.TryParse(file[..^suffix.Length], out var name))
                return name;
        }

        return anySuffix && TemplateName.TryParse(file, out var whole) ? whole : null;
    }
}
