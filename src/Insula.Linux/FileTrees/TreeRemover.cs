using Insula.Linux.Mounts;
using Insula.Linux.Syscalls;

namespace Insula.Linux.FileTrees;

/// <summary>
/// Removes a directory with all that is in it, whatever a container put there: names that are no text, trees deeper than any path may
/// be long, symbolic links. It works by descriptors, follows no link and never crosses into another mount.
/// </summary>
public sealed unsafe class TreeRemover
{
    private const int AT_REMOVEDIR = 0x200;
    private const int MaxDepth = 100;

    private readonly FileDescriptor _top;
    private readonly string _displayPath;
    private int _lifted;

    private TreeRemover(FileDescriptor top, string displayPath)
    {
        _top = top;
        _displayPath = displayPath;
    }

    /// <summary>Removes the directory at <paramref name="path"/>. Nothing is done if there is none.</summary>
    /// <exception cref="LinuxException">EBUSY if something is mounted at or below it (nothing is removed then); or the kernel refused.</exception>
    public static void Remove(string path)
    {
        var opened = Files.TryOpenAt(Files.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (Kernel.ErrnoOf(opened) == Errno.ENOENT)
            return;
        using (var top = new FileDescriptor((int)Kernel.Check(opened, "open directory", path)))
        {
            var below = MountTable.AtOrBelow(MountTable.ReadOwn(), path);
            if (below.Count > 0)
                throw new LinuxException("remove", path, Errno.EBUSY, $"{below[0].MountPoint} is mounted");
            new TreeRemover(top, path).Empty();
        }
        using var text = new Utf8Text(path);
        Kernel.Check(Kernel.Call(Syscall.Unlinkat, Files.CurrentDirectory, (nint)text.Pointer, AT_REMOVEDIR), "remove directory", path);
    }

    private void Empty()
    {
        // Deep directories are lifted to the top, so several rounds may be needed; each makes the tree smaller.
        while (true)
        {
            Rewind(_top);
            var entries = DirectoryReader.Read(_top, _displayPath);
            if (entries.Count == 0)
                return;
            RemoveEntries(_top, entries, 0);
        }
    }

    private void RemoveEntries(FileDescriptor directory, List<DirectoryReader.Entry> entries, int depth)
    {
        foreach (var entry in entries)
        {
            fixed (byte* name = entry.Name)
            {
                if (entry.Type != DirectoryReader.TypeDirectory)
                {
                    var removed = Kernel.ErrnoOf(Kernel.Call(Syscall.Unlinkat, directory.Number, (nint)name, 0));
                    if (removed is Errno.None or Errno.ENOENT)
                        continue;
                    if (removed != Errno.EISDIR)
                        throw new LinuxException("remove", Display(entry), removed);
                }
                RemoveDirectory(directory, entry, name, depth);
            }
        }
    }

    private void RemoveDirectory(FileDescriptor parent, DirectoryReader.Entry entry, byte* name, int depth)
    {
        var removed = Kernel.ErrnoOf(Kernel.Call(Syscall.Unlinkat, parent.Number, (nint)name, AT_REMOVEDIR));
        if (removed is Errno.None or Errno.ENOENT)
            return;
        if (removed is not (Errno.ENOTEMPTY or Errno.EEXIST))
            throw new LinuxException("remove directory", Display(entry), removed);
        if (depth >= MaxDepth)
        {
            Lift(parent, entry, name);
            return;
        }
        using (var child = OpenChild(parent, entry, name))
            RemoveEntries(child, DirectoryReader.Read(child, Display(entry)), depth + 1);
        // What was lifted out of it is at the top now; it is empty.
        Kernel.Check(Kernel.Call(Syscall.Unlinkat, parent.Number, (nint)name, AT_REMOVEDIR), "remove directory", Display(entry));
    }

    private FileDescriptor OpenChild(FileDescriptor parent, DirectoryReader.Entry entry, byte* name)
    {
        var how = new Files.OpenHow
        {
            Flags = (ulong)Files.NativeFlags(OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow),
            Resolve = (ulong)(ResolveFlags.Beneath | ResolveFlags.NoSymlinks | ResolveFlags.NoCrossMount),
        };
        var opened = Kernel.Call(Syscall.OpenAt2, parent.Number, (nint)name, (nint)(&how), sizeof(Files.OpenHow));
        return new FileDescriptor((int)Kernel.Check(opened, "open directory", Display(entry)));
    }

    private void Lift(FileDescriptor parent, DirectoryReader.Entry entry, byte* name)
    {
        Errno moved;
        do
        {
            using var target = new Utf8Text($"insula-removed-{_lifted++}");
            moved = Kernel.ErrnoOf(Kernel.Call(Syscall.Renameat2, parent.Number, (nint)name, _top.Number, (nint)target.Pointer, 1 /* RENAME_NOREPLACE */));
        }
        while (moved == Errno.EEXIST);
        if (moved != Errno.None)
            throw new LinuxException("move up directory", Display(entry), moved);
    }

    private static void Rewind(FileDescriptor directory)
        => Kernel.Check(Kernel.Call(Syscall.Lseek, directory.Number, 0, 0), "rewind", "a directory");

    private string Display(DirectoryReader.Entry entry) => $"{_displayPath}/…/{entry.DisplayName}";
}
