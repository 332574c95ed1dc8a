using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Templates.Extraction;

/// <summary>
/// The open directories that lead to the entry at hand. Archives list a directory's entries together, so most steps find
/// theirs already open. Each is opened from the one above by a single name with O_NOFOLLOW: no entry can be led elsewhere by
/// a symbolic link that an earlier entry made.
/// </summary>
internal sealed class ParentChain(FileDescriptor root, Action<byte[]> created) : IDisposable
{
    private const int NewDirectoryMode = 0x1C0; // 0700; the entry's own mode is set when all is unpacked

    private readonly List<(byte[] Name, FileDescriptor Directory)> _chain = [];

    /// <summary>The directory at <paramref name="path"/>, made if the archive did not list it. Valid until the next call.</summary>
    /// <exception cref="ArchiveException">Something on the way is no directory.</exception>
    public FileDescriptor Open(ReadOnlySpan<byte> path)
    {
        var level = 0;
        var current = root;
        var rest = path;
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf((byte)'/');
            var name = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (level == _chain.Count || !name.SequenceEqual(_chain[level].Name))
            {
                CutTo(level);
                _chain.Add((name.ToArray(), OpenOne(current, name, path[..(path.Length - rest.Length - (rest.IsEmpty ? 0 : 1))])));
            }

            current = _chain[level++].Directory;
        }

        CutTo(level);
        return current;
    }

    /// <inheritdoc/>
    public void Dispose() => CutTo(0);

    private FileDescriptor OpenOne(FileDescriptor parent, ReadOnlySpan<byte> name, ReadOnlySpan<byte> path)
    {
        const OpenFlags flags = OpenFlags.Path | OpenFlags.Directory;
        var result = DirectoryCalls.TryOpen(parent, name, flags);
        if (result == -(long)Errno.ENOENT)
        {
            Kernel.Check(DirectoryCalls.TryMakeDirectory(parent, name, NewDirectoryMode), "create directory", EntryName.Display(path));
            created(path.ToArray());
            result = DirectoryCalls.TryOpen(parent, name, flags);
        }

        return result is -(long)Errno.ENOTDIR or -(long)Errno.ELOOP
            ? throw new ArchiveException($"it leads through \"{EntryName.Display(path)}\", which is not a directory in this archive")
            : new FileDescriptor((int)Kernel.Check(result, "open", EntryName.Display(path)));
    }

    private void CutTo(int level)
    {
        for (var i = _chain.Count - 1; i >= level; i--)
            _chain[i].Directory.Dispose();
        _chain.RemoveRange(level, _chain.Count - level);
    }
}
