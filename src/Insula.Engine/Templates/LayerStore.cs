using Insula.Engine.Host;
using Insula.Engine.Templates.Compression;
using Insula.Engine.Templates.Extraction;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Templates;

/// <summary>
/// The unpacked templates, TEMPLATE/layers/DIGEST: root/ (the tree), layer.json and manifest. The store itself is closed to all but
/// root, which keeps setuid programs in layers out of reach of the host's users.
/// </summary>
/// <remarks>
/// A layer appears by rename when it is complete and on disk. It is unpacked in DIGEST.tmp-PID under an exclusive lock on
/// DIGEST.lock; whoever gets that lock knows that what is left under such a name is of a process that was killed. Users of a
/// layer hold the lock shared until their private area says that they use it.
/// </remarks>
public sealed class LayerStore
{
    internal const string RootName = "root";
    internal const string ManifestName = "manifest";
    private const string InfoName = "layer.json";
    private const string LockSuffix = ".lock";
    private const string TemporaryMark = ".tmp-";

    private readonly string _directory;
    private readonly ExtractionOptions _options;
    private readonly DigestIndex _digests;

    /// <param name="layout">Where TEMPLATE is.</param>
    /// <param name="options">Limits for unpacking; null for the usual ones.</param>
    public LayerStore(HostLayout layout, ExtractionOptions? options = null)
    {
        _directory = layout.LayersDirectory;
        _options = options ?? new ExtractionOptions();
        _digests = new DigestIndex(Path.Combine(_directory, "digests"));
        Cache = new TemplateCache(layout, this);
    }

    /// <summary>The archives that layers come from.</summary>
    public TemplateCache Cache { get; }

    internal DigestIndex Digests => _digests;

    /// <summary>
    /// The layer of a template, unpacked now if it has not been. Of several callers one unpacks and the others wait. Dispose the
    /// result once the container's private area names the layer.
    /// </summary>
    /// <exception cref="InsulaException">No such template (91), not acceptable (47), disk full (46).</exception>
    public Layer EnsureUnpacked(TemplateName name, Action<TemplateProgress>? progress = null)
    {
        Prepare();
        using var archive = ArchiveSource.Open(Cache.Find(name));
        var digest = DigestOf(archive, progress);
        while (true)
        {
            if (TryUse(digest) is { } layer)
                return layer;
            using var exclusive = LeaseLock.TakeExclusive(LockPath(digest));
            if (!IsPresent(digest))
                Unpack(archive, digest, progress);
        }
    }

    /// <summary>
    /// Unpacks a template into an empty directory of its own, with the owners of the archive (0 to 65535): a private area of layout dir.
    /// On an error what was unpacked so far is left for the caller to remove.
    /// </summary>
    /// <exception cref="InsulaException">No such template (91), not acceptable (47), disk full (46).</exception>
    public ExtractionSummary UnpackTo(TemplateName name, string directory, Action<TemplateProgress>? progress = null)
    {
        using var archive = ArchiveSource.Open(Cache.Find(name));
        return Extract(archive, directory, manifest: null, progress);
    }

    /// <summary>The root of a layer that a container uses, which keeps it from being removed.</summary>
    /// <exception cref="InsulaException">It is not there (43).</exception>
    public string RootOf(string digest)
        => LayerDigest.TryParse(digest, out var known) && IsPresent(known)
            ? $"{PathOf(known)}/{RootName}"
            : throw new InsulaException(ExitCode.NoPrivateArea, $"Template layer {digest} is not in {_directory}", "restore it from a backup of the template directory");

    /// <summary>A layer that is already unpacked, held until disposed, or null.</summary>
    public Layer? TryUse(LayerDigest digest)
    {
        if (!IsPresent(digest))
            return null;
        var lease = LeaseLock.TakeShared(LockPath(digest));
        if (IsPresent(digest))
            return new Layer(digest, PathOf(digest), lease);
        lease.Dispose();
        return null;
    }

    /// <summary>True if the layer is unpacked.</summary>
    public bool IsPresent(LayerDigest digest) => Directory.Exists(PathOf(digest));

    /// <summary>All layers that are unpacked.</summary>
    public IReadOnlyList<LayerDigest> List()
    {
        var layers = new List<LayerDigest>();
        if (!Directory.Exists(_directory))
            return layers;
        foreach (var path in Directory.EnumerateDirectories(_directory))
        {
            if (LayerDigest.TryParse(Path.GetFileName(path.AsSpan()), out var digest))
                layers.Add(digest);
        }

        return layers;
    }

    /// <summary>What is known about a layer; null if it is not there or its description is not readable.</summary>
    public LayerInfo? Info(LayerDigest digest) => LayerInfo.TryRead($"{PathOf(digest)}/{InfoName}");

    /// <summary>Compares a layer with what was unpacked.</summary>
    /// <param name="digest">A layer that is unpacked.</param>
    /// <param name="progress">Told the bytes compared so far.</param>
    public LayerVerification Verify(LayerDigest digest, Action<TemplateProgress>? progress = null)
    {
        using var layer = TryUse(digest) ?? throw new InsulaException(ExitCode.TemplateNotFound, $"Layer {digest} is not unpacked");
        return new LayerVerifier(layer, _options.KeepOwners).Run(progress);
    }

    /// <summary>
    /// How many of the containers with these private areas use each layer, by their files <c>layer</c>. A file that holds no digest is an
    /// error, because a layer in use must not look unused.
    /// </summary>
    /// <exception cref="InsulaException">A file is damaged.</exception>
    public static IReadOnlyDictionary<LayerDigest, int> LayersInUse(IEnumerable<string> privateAreas)
    {
        var used = new Dictionary<LayerDigest, int>();
        foreach (var area in privateAreas)
        {
            if (ReadLayerFile(area) is { } digest)
                used[digest] = used.GetValueOrDefault(digest) + 1;
        }

        return used;
    }

    /// <summary>Removes one layer.</summary>
    /// <param name="digest">Which; fine if it is not there.</param>
    /// <param name="privateAreas">Lists the private areas of all containers; asked while nobody can start using the layer.</param>
    /// <exception cref="InsulaException">A container uses it, or one is being created from it (41).</exception>
    public void Remove(LayerDigest digest, Func<IEnumerable<string>> privateAreas)
    {
        if (!Directory.Exists(_directory))
            return;
        using var exclusive = LeaseLock.TryTakeExclusive(LockPath(digest))
            ?? throw new InsulaException(ExitCode.Locked, $"Layer {digest} is being used by another command", "try again when it has finished");
        if (LayersInUse(privateAreas()).TryGetValue(digest, out var users))
            throw new InsulaException(ExitCode.Mounted, $"Layer {digest} is in use by {users} container{(users == 1 ? "" : "s")}", "destroy them first");
        RemoveLocked(digest);
        exclusive.DeleteAndRelease();
    }

    /// <summary>Removes every layer that no container uses and what killed commands left behind.</summary>
    /// <param name="privateAreas">Lists the private areas of all containers.</param>
    /// <param name="keep">Layers to keep although unused, such as those of archives in the cache.</param>
    /// <returns>What was removed.</returns>
    public IReadOnlyList<LayerDigest> RemoveUnused(Func<IEnumerable<string>> privateAreas, IReadOnlySet<LayerDigest>? keep = null)
    {
        var removed = new List<LayerDigest>();
        if (!Directory.Exists(_directory))
            return removed;
        var candidates = new HashSet<LayerDigest>();
        foreach (var path in Directory.EnumerateFileSystemEntries(_directory))
        {
            var name = Path.GetFileName(path.AsSpan());
            var end = name.IndexOf('.');
            if (LayerDigest.TryParse(end < 0 ? name : name[..end], out var digest))
                candidates.Add(digest);
        }

        foreach (var digest in candidates)
        {
            using var exclusive = LeaseLock.TryTakeExclusive(LockPath(digest));
            if (exclusive is null)
                continue;
            RemoveLeftovers(digest);
            if (keep?.Contains(digest) == true || LayersInUse(privateAreas()).ContainsKey(digest))
                continue;
            if (IsPresent(digest))
                removed.Add(digest);
            RemoveLocked(digest);
            exclusive.DeleteAndRelease();
        }

        return removed;
    }

    internal LayerDigest DigestOf(ArchiveSource archive, Action<TemplateProgress>? progress)
    {
        if (_digests.Find(archive.Path, archive.Status) is { } known)
            return known;
        var digest = archive.ComputeDigest(done => progress?.Invoke(new TemplateProgress(TemplateStage.Reading, "", done, archive.Status.Size)));
        _digests.Record(archive.Path, archive.Status, digest);
        return digest;
    }

    /// <summary>Makes the store's directory, 0700.</summary>
    internal void Prepare()
        => Directory.CreateDirectory(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private static LayerDigest? ReadLayerFile(string area)
    {
        var path = Path.Combine(area, "layer");
        var opened = Files.TryOpenAt(Files.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        if (opened is -(long)Errno.ENOENT or -(long)Errno.ENOTDIR)
            return null;
        using var file = new FileDescriptor((int)Kernel.Check(opened, "open", path));
        Span<byte> text = stackalloc byte[128];
        text = text[..FileData.ReadAt(file, text, 0, path)].TrimEnd("\n "u8);
        return LayerDigest.TryParse(System.Text.Encoding.Latin1.GetString(text), out var digest)
            ? digest
            : throw new InsulaException(ExitCode.InvalidConfig, $"{path} does not name a layer", "it must hold the 64 hexadecimal digits of a layer's digest");
    }

    private void Unpack(ArchiveSource archive, LayerDigest digest, Action<TemplateProgress>? progress)
    {
        RemoveLeftovers(digest);
        var temporary = $"{PathOf(digest)}{TemporaryMark}{Environment.ProcessId}";
        using var undo = new UndoStack(message => progress?.Invoke(new TemplateProgress(TemplateStage.Cleaning, message, 0, 0)));
        undo.Push($"remove {temporary}", () => TreeRemover.Remove(temporary));
        const UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(temporary, mode);
        var summary = UnpackInto(archive, temporary, progress);
        File.WriteAllBytes($"{temporary}/{InfoName}", Describe(archive, digest, summary).ToJson());
        using (var top = Files.Open(temporary, OpenFlags.ReadOnly | OpenFlags.Directory))
            FileData.SyncFileSystem(top, temporary);
        Directory.Move(temporary, PathOf(digest));
        undo.Commit();
        using var store = Files.Open(_directory, OpenFlags.ReadOnly | OpenFlags.Directory);
        FileData.Sync(store, _directory);
    }

    private ExtractionSummary UnpackInto(ArchiveSource archive, string temporary, Action<TemplateProgress>? progress)
    {
        var root = $"{temporary}/{RootName}";
        Directory.CreateDirectory(root);
        File.SetUnixFileMode(root, (UnixFileMode)0x1ED); // 0755 whatever the umask and the archive say
        using var manifest = new ManifestWriter(File.Create($"{temporary}/{ManifestName}"));
        return Extract(archive, root, manifest, progress);
    }

    private ExtractionSummary Extract(ArchiveSource archive, string root, ManifestWriter? manifest, Action<TemplateProgress>? progress)
    {
        try
        {
            using var directory = RootDirectory.Open(root);
            using var extractor = new Extractor(directory.Descriptor, WithFreeSpace(root), manifest);
            using var content = archive.OpenContent(
                done => progress?.Invoke(new TemplateProgress(TemplateStage.Unpacking, "", done, archive.Status.Size)));
            return extractor.Extract(content);
        }
        catch (InsulaException error)
        {
            throw new InsulaException(error.Code, $"Cannot unpack template {Path.GetFileName(archive.Path)}: {error.Message}", error.Hint, error);
        }
    }

    private ExtractionOptions WithFreeSpace(string path)
        => _options.FreeSpace is null ? _options with { FreeSpace = () => new DriveInfo(path).AvailableFreeSpace } : _options;

    private static LayerInfo Describe(ArchiveSource archive, LayerDigest digest, ExtractionSummary summary) => new()
    {
        Archive = Path.GetFileName(archive.Path),
        Digest = digest.ToString(),
        Unpacked = DateTimeOffset.UtcNow,
        ArchiveBytes = archive.Status.Size,
        UnpackedBytes = summary.Bytes,
        Entries = summary.Entries,
        SkippedDevices = summary.SkippedDevices,
        SkippedAttributes = summary.SkippedAttributes,
        RemappedOwners = summary.RemappedOwners,
    };

    // Under the exclusive lock: a name that is not ".tmp-" any more is not a layer, so a kill in between leaves only rubbish.
    private void RemoveLocked(LayerDigest digest)
    {
        if (!IsPresent(digest))
            return;
        var temporary = $"{PathOf(digest)}{TemporaryMark}{Environment.ProcessId}";
        Directory.Move(PathOf(digest), temporary);
        TreeRemover.Remove(temporary);
    }

    private void RemoveLeftovers(LayerDigest digest)
    {
        foreach (var path in Directory.EnumerateDirectories(_directory, $"{digest}{TemporaryMark}*"))
            TreeRemover.Remove(path);
    }

    private string PathOf(LayerDigest digest) => $"{_directory}/{digest}";

    private string LockPath(LayerDigest digest) => $"{PathOf(digest)}{LockSuffix}";
}
