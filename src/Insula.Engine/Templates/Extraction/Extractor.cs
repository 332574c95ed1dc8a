using System.Text;
using Insula.Engine.Templates.Tar;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Templates.Extraction;

/// <summary>
/// Unpacks an archive into an empty directory, which stays the only place that anything is written to, whatever the archive says.
/// </summary>
/// <remarks>
/// Kept: numeric owners, modes with setuid, setgid and sticky, times, hard links, symbolic links as they are, FIFOs, holes, user.*
/// attributes, file capabilities, POSIX ACLs. Left out and counted: device nodes, other attributes. The directory itself keeps its
/// owner and mode. On an error the directory holds a part; the caller removes it.
/// </remarks>
public sealed class Extractor : IDisposable
{
    private const int NewFileMode = 0x180;      // 0600 until the entry's own mode is set
    private const int NewDirectoryMode = 0x1C0; // 0700 likewise
    private const int DefaultDirectoryMode = 0x1ED; // 0755, of directories that the archive does not list

    private readonly FileDescriptor _root;
    private readonly ExtractionOptions _options;
    private readonly ManifestWriter? _manifest;
    private readonly ExtractionSummary _summary = new();
    private readonly MetadataPolicy _policy;
    private readonly FileWriter _writer;
    private readonly ParentChain _parents;
    private readonly HashSet<string> _skippedDevices = [];

    // What directories are to be in the end: their own entries come before those in them, whose making changes times.
    private readonly Dictionary<string, EntryMetadata> _directories = [];

    internal Extractor(FileDescriptor root, ExtractionOptions options, ManifestWriter? manifest)
    {
        _root = root;
        _options = options;
        _manifest = manifest;
        _policy = new MetadataPolicy(options.KeepOwners, _summary);
        _writer = new FileWriter(options, _summary);
        _parents = new ParentChain(root, AddUnlistedDirectory);
    }

    /// <param name="root">The empty directory to unpack into.</param>
    /// <param name="options">Limits and ownership.</param>
    public Extractor(RootDirectory root, ExtractionOptions options)
        : this(root.Descriptor, options, manifest: null)
    {
    }

    /// <summary>Unpacks the whole archive; to be called once.</summary>
    /// <param name="archive">The decompressed archive.</param>
    /// <exception cref="InsulaException">The archive is damaged or not acceptable (47), or the disk is full (46); names the entry.</exception>
    public ExtractionSummary Extract(Stream archive)
    {
        var reader = new TarReader(archive);
        while (reader.Next() is { } entry)
        {
            if (++_summary.Entries > _options.Limits.MaxEntries)
                throw new ArchiveException($"the archive has more than {_options.Limits.MaxEntries} entries");
            Explain(entry.Path, () => Unpack(reader, entry));
        }

        FinishDirectories();
        return _summary;
    }

    /// <inheritdoc/>
    public void Dispose() => _parents.Dispose();

    private void Unpack(TarReader reader, TarEntry entry)
    {
        var path = EntryPath.Parse(entry.Path, _options.Limits.MaxDepth);
        if (path.IsRoot)
        {
            if (entry.Kind != TarEntryKind.Directory)
                throw new ArchiveException("it would replace the root directory");
            return;
        }

        if (entry.Kind is TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice)
        {
            _summary.SkippedDevices++;
            _skippedDevices.Add(Key(path.Bytes));
            return;
        }

        var parent = _parents.Open(path.Parent);
        switch (entry.Kind)
        {
            case TarEntryKind.Directory:
                MakeDirectory(parent, path, entry);
                break;
            case TarEntryKind.File:
                MakeFile(parent, path, reader, entry);
                break;
            case TarEntryKind.HardLink:
                MakeHardLink(parent, path, entry);
                break;
            case TarEntryKind.SymbolicLink:
                MakeSymbolicLink(parent, path, entry);
                break;
            default:
                MakeFifo(parent, path, entry);
                break;
        }
    }

    private void MakeDirectory(FileDescriptor parent, EntryPath path, TarEntry entry)
    {
        var result = DirectoryCalls.TryMakeDirectory(parent, path.Name, NewDirectoryMode);
        if (result == -(long)Errno.EEXIST)
        {
            Kernel.Check(FileStatus.TryGet(parent, path.Name, out var status), "inspect", path.ToString());
            if (status.Kind != FileKind.Directory)
            {
                RemoveExisting(parent, path);
                result = DirectoryCalls.TryMakeDirectory(parent, path.Name, NewDirectoryMode);
            }
            else
            {
                result = 0;
            }
        }

        Kernel.Check(result, "create directory", path.ToString());
        _directories[Key(path.Bytes)] = _policy.Decide(entry);
    }

    private void MakeFile(FileDescriptor parent, EntryPath path, TarReader reader, TarEntry entry)
    {
        var metadata = _policy.Decide(entry);
        const OpenFlags flags = OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.Exclusive;
        var opened = Replacing(parent, path, (directory, name) => DirectoryCalls.TryOpen(directory, name, flags, NewFileMode));
        using var file = new FileDescriptor((int)Kernel.Check(opened, "create", path.ToString()));
        var digest = _writer.Write(file, reader, entry, path.ToString());
        metadata = _policy.Apply(file, metadata, path.ToString());
        Record(ManifestKind.File, path.Bytes, metadata, entry.Size, digest);
    }

    private void MakeSymbolicLink(FileDescriptor parent, EntryPath path, TarEntry entry)
    {
        var target = entry.LinkTarget;
        if (target.Length is 0 or > EntryName.MaxPathLength || target.Contains((byte)0))
            throw new ArchiveException("its target is empty, too long or holds a NUL byte");
        var metadata = _policy.Decide(entry);
        Kernel.Check(
            Replacing(parent, path, (directory, name) => DirectoryCalls.TryMakeSymbolicLink(directory, name, target)),
            "create symbolic link", path.ToString());
        _policy.Apply(parent, path.Name, metadata, withMode: false, path.ToString());
        Record(ManifestKind.SymbolicLink, path.Bytes, metadata with { Mode = 0x1FF }, 0, target); // 0777, as the kernel shows it
    }

    private void MakeFifo(FileDescriptor parent, EntryPath path, TarEntry entry)
    {
        var metadata = _policy.Decide(entry);
        Kernel.Check(
            Replacing(parent, path, (directory, name) => DirectoryCalls.TryMakeFifo(directory, name, NewFileMode)), "create FIFO", path.ToString());
        _policy.Apply(parent, path.Name, metadata, withMode: true, path.ToString());
        Record(ManifestKind.Fifo, path.Bytes, metadata, 0, []);
    }

    private void MakeHardLink(FileDescriptor parent, EntryPath path, TarEntry entry)
    {
        var target = EntryPath.Parse(entry.LinkTarget, _options.Limits.MaxDepth);
        if (_skippedDevices.Contains(Key(target.Bytes)))
        {
            _summary.SkippedDevices++;
            _skippedDevices.Add(Key(path.Bytes));
            return;
        }

        if (target.IsRoot || target.Bytes.AsSpan().SequenceEqual(path.Bytes))
            throw new ArchiveException("it is a hard link to itself or to the root directory");
        using var directory = OpenLinkDirectory(target);
        Kernel.Check(FileStatusOf(directory, target, out var status), "inspect", target.ToString());
        if (status.Kind == FileKind.Directory)
            throw new ArchiveException($"it is a hard link to the directory \"{target}\"");
        Kernel.Check(
            Replacing(parent, path, (to, name) => DirectoryCalls.TryLink(directory, target.Name, to, name)), "create hard link", path.ToString());
        Record(ManifestKind.HardLink, path.Bytes, default(EntryMetadata) with { Attributes = [] }, 0, target.Bytes);
    }

    private FileDescriptor OpenLinkDirectory(EntryPath target)
    {
        var result = DirectoryCalls.TryOpenBeneath(
            _root, target.Parent.IsEmpty ? "."u8 : target.Parent, OpenFlags.Path | OpenFlags.Directory);
        return result is -(long)Errno.ENOENT or -(long)Errno.ENOTDIR or -(long)Errno.ELOOP
            ? throw new ArchiveException($"it is a hard link to \"{target}\", which leads through something that is no directory in this archive")
            : new FileDescriptor((int)Kernel.Check(result, "open the directory of", target.ToString()));
    }

    private static long FileStatusOf(FileDescriptor directory, EntryPath target, out FileStatus status)
    {
        var result = FileStatus.TryGet(directory, target.Name, out status);
        return result == -(long)Errno.ENOENT
            ? throw new ArchiveException($"it is a hard link to \"{target}\", which the archive has not listed before")
            : result;
    }

    private delegate long Maker(FileDescriptor parent, ReadOnlySpan<byte> name);

    // An archive may list a path twice; the last entry counts.
    private long Replacing(FileDescriptor parent, EntryPath path, Maker make)
    {
        var result = make(parent, path.Name);
        if (result != -(long)Errno.EEXIST)
            return result;
        RemoveExisting(parent, path);
        return make(parent, path.Name);
    }

    private void RemoveExisting(FileDescriptor parent, EntryPath path)
    {
        var result = DirectoryCalls.TryRemove(parent, path.Name);
        if (result == -(long)Errno.EISDIR)
        {
            result = DirectoryCalls.TryRemoveDirectory(parent, path.Name);
            if (result == -(long)Errno.ENOTEMPTY)
                throw new ArchiveException("it would replace a directory that is not empty");
            _directories.Remove(Key(path.Bytes));
        }

        Kernel.Check(result, "replace", path.ToString());
    }

    private void AddUnlistedDirectory(byte[] path)
        => _directories[Key(path)] = new EntryMetadata(0, 0, DefaultDirectoryMode, default, []);

    // Deepest first, so that a directory without search permission does not hide those in it from an unprivileged caller.
    private void FinishDirectories()
    {
        _parents.Dispose();
        foreach (var (key, metadata) in _directories.OrderByDescending(static pair => pair.Key, StringComparer.Ordinal))
        {
            var path = Encoding.Latin1.GetBytes(key);
            Explain(path, () =>
            {
                var display = EntryName.Display(path);
                using var directory = new FileDescriptor((int)Kernel.Check(
                    DirectoryCalls.TryOpenBeneath(_root, path, OpenFlags.ReadOnly | OpenFlags.Directory), "open directory", display));
                var applied = _policy.Apply(directory, metadata, display);
                Record(ManifestKind.Directory, path, applied, 0, []);
            });
        }
    }

    private void Record(ManifestKind kind, byte[] path, EntryMetadata metadata, long size, byte[] detail)
        => _manifest?.Write(new ManifestEntry(
            kind, path, metadata.Mode, metadata.User, metadata.Group, metadata.Modified, size, detail, metadata.Attributes));

    // A path's bytes as text, one character a byte: a key that loses nothing.
    private static string Key(byte[] path) => Encoding.Latin1.GetString(path);

    // Says which entry an error is about.
    private static void Explain(byte[] path, Action step)
    {
        try
        {
            step();
        }
        catch (ArchiveException error)
        {
            throw new ArchiveException($"entry \"{EntryName.Display(path)}\": {error.Message}", error);
        }
        catch (LinuxException error)
        {
            var full = error.Errno is Errno.ENOSPC or Errno.EDQUOT;
            throw new InsulaException(
                full ? ExitCode.NoDiskSpace : ExitCode.SystemError,
                $"entry \"{EntryName.Display(path)}\": {error.Message}", full ? "free some disk space and try again" : null, error);
        }
    }
}
