using Insula.Engine.Templates.Extraction;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Templates.Tar;

/// <summary>What a packed tree held.</summary>
/// <param name="Entries">Entries written.</param>
/// <param name="Bytes">Bytes of file data written.</param>
/// <param name="Skipped">Device nodes and sockets left out.</param>
public readonly record struct PackSummary(long Entries, long Bytes, long Skipped);

/// <summary>
/// Packs a directory of the host into an archive, sorted by name: owners, modes, times, hard links, extended attributes and holes
/// are kept; device nodes and sockets are left out; other file systems mounted in it are not entered. No symbolic link is followed.
/// </summary>
public sealed class TreePacker
{
    private readonly TarWriter _writer;
    private readonly Action<long>? _progress;
    private readonly Dictionary<(ulong Device, ulong Inode), byte[]> _linked = [];
    private readonly byte[] _buffer = new byte[1 << 17];
    private long _entries;
    private long _bytes;
    private long _skipped;
    private ulong _device;

    /// <param name="output">Where the archive goes.</param>
    /// <param name="progress">Told the bytes of file data packed so far.</param>
    public TreePacker(Stream output, Action<long>? progress = null)
    {
        _writer = new TarWriter(output);
        _progress = progress;
    }

    /// <summary>If set, everything is packed with this modification time and as owned by 0:0, so that equal trees make equal archives.</summary>
    public FileTime? FixedTime { get; init; }

    /// <summary>Packs a directory.</summary>
    /// <exception cref="LinuxException">Something in it cannot be read.</exception>
    public PackSummary Pack(string path)
    {
        using var top = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory);
        var status = FileStatus.Of(top, path);
        _device = status.Device;
        Begin(TarEntryKind.Directory, "./"u8.ToArray(), status, AttributesOf(top, path));
        PackDirectory(top, [], path);
        _writer.Finish();
        return new PackSummary(_entries, _bytes, _skipped);
    }

    // Recursion as deep as directories are nested; a tree deeper than paths can be is refused by then.
    private void PackDirectory(FileDescriptor directory, byte[] path, string display)
    {
        foreach (var name in DirectoryReader.ReadNames(directory, display))
        {
            byte[] child = path.Length == 0 ? name : [.. path, (byte)'/', .. name];
            var childDisplay = EntryName.Display(child);
            if (child.Length > EntryName.MaxPathLength)
                throw new InsulaException(ExitCode.BadTemplate, $"{childDisplay} is nested too deep to be packed");
            Kernel.Check(FileStatus.TryGet(directory, name, out var status), "inspect", childDisplay);
            PackOne(directory, name, child, status, childDisplay);
        }
    }

    private void PackOne(FileDescriptor directory, byte[] name, byte[] path, FileStatus status, string display)
    {
        if (status.Kind != FileKind.Directory && status.Links > 1 && !_linked.TryAdd((status.Device, status.Inode), path))
        {
            Begin(TarEntryKind.HardLink, path, status, [], link: _linked[(status.Device, status.Inode)]);
            return;
        }

        switch (status.Kind)
        {
            case FileKind.Directory:
                using (var child = Open(directory, name, OpenFlags.Directory, display))
                {
                    Begin(TarEntryKind.Directory, [.. path, (byte)'/'], status, AttributesOf(child, display));
                    if (status.Device == _device)
                        PackDirectory(child, path, display);
                }

                break;
            case FileKind.Regular:
                using (var file = Open(directory, name, OpenFlags.ReadOnly, display))
                    PackFile(file, path, FileStatus.Of(file, display), display);
                break;
            case FileKind.SymbolicLink:
                var target = DirectoryCalls.TryReadLink(directory, name) ?? throw new InsulaException(ExitCode.SystemError, $"Cannot read link {display}");
                Begin(TarEntryKind.SymbolicLink, path, status, [], link: target);
                break;
            case FileKind.Fifo:
                Begin(TarEntryKind.Fifo, path, status, []);
                break;
            default:
                _skipped++;
                break;
        }
    }

    private void PackFile(FileDescriptor file, byte[] path, FileStatus status, string display)
    {
        var segments = status.AllocatedBytes < status.Size - (16 * ContentDigest.BlockSize) ? FindData(file, status.Size, display) : null;
        var stored = segments is null ? status.Size : segments.Sum(static segment => segment.Length);
        Begin(TarEntryKind.File, path, status, AttributesOf(file, display), stored: stored, segments: segments);
        foreach (var segment in segments ?? [new DataSegment(0, status.Size)])
            Copy(file, segment, display);
    }

    private void Copy(FileDescriptor file, DataSegment segment, string display)
    {
        var (position, left) = (segment.Offset, segment.Length);
        while (left > 0)
        {
            var chunk = _buffer.AsSpan(0, (int)Math.Min(left, _buffer.Length));
            if (FileData.ReadAt(file, chunk, position, display) < chunk.Length)
                throw new InsulaException(ExitCode.SystemError, $"{display} became shorter while it was packed");
            _writer.WriteData(chunk);
            position += chunk.Length;
            left -= chunk.Length;
            _progress?.Invoke(_bytes += chunk.Length);
        }
    }

    private List<DataSegment> FindData(FileDescriptor file, long size, string display)
    {
        var segments = new List<DataSegment>();
        for (long position = 0; position < size; position += _buffer.Length)
        {
            var chunk = _buffer.AsSpan(0, FileData.ReadAt(file, _buffer, position, display));
            int at = 0, length;
            while ((at = ContentDigest.NextRun(chunk, at, out length)) >= 0)
            {
                segments.Add(new DataSegment(position + at, Math.Min(length, size - position - at)));
                at += length;
            }
        }

        return segments;
    }

    private void Begin(
        TarEntryKind kind, byte[] path, FileStatus status, List<TarAttribute> attributes, byte[]? link = null, long stored = 0, List<DataSegment>? segments = null)
    {
        _entries++;
        _writer.Begin(new TarEntry
        {
            Kind = kind,
            Path = path,
            LinkTarget = link ?? [],
            Mode = status.Mode,
            User = FixedTime is null ? status.Uid : 0,
            Group = FixedTime is null ? status.Gid : 0,
            Modified = FixedTime ?? status.Modified,
            Size = status.Size,
            StoredSize = stored,
            Segments = segments,
            Attributes = attributes,
        });
    }

    private static List<TarAttribute> AttributesOf(FileDescriptor file, string display)
    {
        var attributes = new List<TarAttribute>();
        foreach (var name in ExtendedAttributes.List(file, display))
        {
            if (ExtendedAttributes.Get(file, name, display) is { } value)
                attributes.Add(new TarAttribute(name, value));
        }

        return attributes;
    }

    private static FileDescriptor Open(FileDescriptor directory, byte[] name, OpenFlags flags, string display)
        => new((int)Kernel.Check(DirectoryCalls.TryOpen(directory, name, flags | OpenFlags.NonBlocking), "open", display));
}
