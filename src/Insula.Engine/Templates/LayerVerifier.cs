using System.Text;
using Insula.Engine.Templates.Extraction;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Templates;

/// <summary>Compares the files of a layer with its manifest: what is missing, what is different, what does not belong.</summary>
internal sealed class LayerVerifier(Layer layer, bool checkOwners)
{
    private const int MaxDifferences = 1000;

    private readonly List<LayerDifference> _differences = [];
    private readonly byte[] _buffer = new byte[1 << 17];

    public LayerVerification Run(Action<TemplateProgress>? progress)
    {
        var entries = ManifestReader.Read($"{layer.Directory}/{LayerStore.ManifestName}");
        using var root = RootDirectory.Open(layer.RootPath);
        var digest = new ContentDigest();
        long done = 0;
        foreach (var entry in entries.Values)
        {
            Compare(root.Descriptor, entry, digest);
            done += entry.Size;
            progress?.Invoke(new TemplateProgress(TemplateStage.Verifying, "", done, 0));
        }

        FindExtra(root.Descriptor, entries);
        return new LayerVerification(entries.Count, _differences);
    }

    private void Compare(FileDescriptor root, ManifestEntry entry, ContentDigest digest)
    {
        var path = SplitPath(entry.Path, out var parentPath);
        var opened = DirectoryCalls.TryOpenBeneath(root, parentPath, OpenFlags.Path | OpenFlags.Directory);
        if (opened < 0)
        {
            Report(LayerDifferenceKind.Missing, entry.Path);
            return;
        }

        using var parent = new FileDescriptor((int)opened);
        if (FileStatus.TryGet(parent, path, out var status) < 0)
            Report(LayerDifferenceKind.Missing, entry.Path);
        else if (Difference(root, parent, path, entry, status, digest) is { } what)
            Report(LayerDifferenceKind.Modified, entry.Path, what);
    }

    private string? Difference(
        FileDescriptor root, FileDescriptor parent, ReadOnlySpan<byte> name, ManifestEntry entry, FileStatus status, ContentDigest digest)
    {
        if (entry.Kind == ManifestKind.HardLink)
            return IsSameFile(root, entry.Detail, status) ? null : "no longer a link to the same file";
        if (status.Kind != KindOf(entry.Kind))
            return "type";
        if (checkOwners && (status.Uid != entry.User || status.Gid != entry.Group))
            return "owner";
        if (status.Mode != entry.Mode)
            return "mode";
        if (status.Modified != entry.Modified)
            return "time";
        if (entry.Kind == ManifestKind.SymbolicLink)
            return DirectoryCalls.TryReadLink(parent, name).AsSpan().SequenceEqual(entry.Detail) ? null : "target";
        return entry.Kind == ManifestKind.Fifo ? null : InsideDifference(parent, name, entry, status, digest);
    }

    private string? InsideDifference(FileDescriptor parent, ReadOnlySpan<byte> name, ManifestEntry entry, FileStatus status, ContentDigest digest)
    {
        var display = EntryName.Display(entry.Path);
        if (entry.Kind == ManifestKind.File && status.Size != entry.Size)
            return "size";
        using var file = new FileDescriptor((int)Kernel.Check(
            DirectoryCalls.TryOpen(parent, name, OpenFlags.ReadOnly | OpenFlags.NonBlocking), "open", display));
        if (entry.Kind == ManifestKind.File && !digest.OfFile(file, _buffer, display).AsSpan().SequenceEqual(entry.Detail))
            return "content";
        foreach (var attribute in entry.Attributes)
        {
            if (!ExtendedAttributes.Get(file, attribute.Name, display).AsSpan().SequenceEqual(attribute.Value))
                return $"extended attribute {attribute.Name}";
        }

        // A capability that was not there is the attribute that matters.
        return entry.Kind == ManifestKind.File && entry.Attributes.Count == 0 && ExtendedAttributes.Get(file, "security.capability", display) is not null
            ? "extended attribute security.capability"
            : null;
    }

    private static bool IsSameFile(FileDescriptor root, byte[] target, FileStatus status)
    {
        var name = SplitPath(target, out var parentPath);
        var opened = DirectoryCalls.TryOpenBeneath(root, parentPath, OpenFlags.Path | OpenFlags.Directory);
        if (opened < 0)
            return false;
        using var parent = new FileDescriptor((int)opened);
        return FileStatus.TryGet(parent, name, out var other) >= 0 && other.Inode == status.Inode && other.Device == status.Device;
    }

    private void FindExtra(FileDescriptor root, Dictionary<string, ManifestEntry> entries)
    {
        var pending = new Stack<byte[]>();
        pending.Push([]);
        while (pending.TryPop(out var path))
        {
            var opened = DirectoryCalls.TryOpenBeneath(root, path.Length == 0 ? "."u8 : path, OpenFlags.ReadOnly | OpenFlags.Directory);
            using var directory = new FileDescriptor((int)Kernel.Check(opened, "open directory", EntryName.Display(path)));
            foreach (var name in DirectoryReader.ReadNames(directory, EntryName.Display(path)))
            {
                byte[] child = path.Length == 0 ? name : [.. path, (byte)'/', .. name];
                if (!entries.ContainsKey(Encoding.Latin1.GetString(child)))
                    Report(LayerDifferenceKind.Extra, child);
                else if (FileStatus.TryGet(directory, name, out var status) >= 0 && status.Kind == FileKind.Directory)
                    pending.Push(child);
            }
        }
    }

    private void Report(LayerDifferenceKind kind, byte[] path, string what = "")
    {
        if (_differences.Count < MaxDifferences)
            _differences.Add(new LayerDifference(kind, EntryName.Display(path, EntryName.MaxPathLength), what));
    }

    private static ReadOnlySpan<byte> SplitPath(byte[] path, out ReadOnlySpan<byte> parent)
    {
        var slash = path.AsSpan().LastIndexOf((byte)'/');
        parent = slash < 0 ? "."u8 : path.AsSpan(0, slash);
        return path.AsSpan(slash + 1);
    }

    private static FileKind KindOf(ManifestKind kind) => kind switch
    {
        ManifestKind.Directory => FileKind.Directory,
        ManifestKind.SymbolicLink => FileKind.SymbolicLink,
        ManifestKind.Fifo => FileKind.Fifo,
        _ => FileKind.Regular,
    };
}
