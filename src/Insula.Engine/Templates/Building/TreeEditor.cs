using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Templates.Building;

/// <summary>
/// Changes files in a tree that is becoming a template. Paths are those inside the tree; links in their directories lead inside it,
/// and a link in the last place is replaced or removed itself.
/// </summary>
internal sealed class TreeEditor(RootDirectory root)
{
    private const int DirectoryMode = 0x1ED; // 0755

    /// <summary>Makes a file anew, with its directories.</summary>
    public void Write(string path, string content, int mode = 0x1A4)
        => WriteBytes(path, EntryName.Of(content), mode);

    /// <summary>Makes a file anew, with its directories.</summary>
    public void WriteBytes(string path, ReadOnlySpan<byte> content, int mode)
    {
        using var parent = OpenParent(path, create: true)!;
        var name = Name(path);
        Removed(DirectoryCalls.TryRemove(parent, name), path);
        const OpenFlags flags = OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive;
        using var file = new FileDescriptor((int)Kernel.Check(DirectoryCalls.TryOpen(parent, name, flags, mode), "create", root.Display(path)));
        Files.WriteAll(file, content, root.Display(path));
        Kernel.Check(DirectoryCalls.TryChangeMode(file, mode), "set the mode of", root.Display(path));
    }

    /// <summary>Makes a symbolic link anew, with its directories.</summary>
    public void Link(string path, string target)
    {
        using var parent = OpenParent(path, create: true)!;
        Removed(DirectoryCalls.TryRemove(parent, Name(path)), path);
        Kernel.Check(DirectoryCalls.TryMakeSymbolicLink(parent, Name(path), EntryName.Of(target)), "create symbolic link", root.Display(path));
    }

    /// <summary>Gives a file a second name in the same directory or another.</summary>
    public void HardLink(string path, string target)
    {
        using var parent = OpenParent(path, create: true)!;
        using var from = OpenParent(target, create: false)!;
        Kernel.Check(DirectoryCalls.TryLink(from, Name(target), parent, Name(path)), "create hard link", root.Display(path));
    }

    /// <summary>Makes a directory and those above it; sets the mode of the last one.</summary>
    public void MakeDirectory(string path, int mode = DirectoryMode)
    {
        using var directory = OpenDirectory(path, create: true)!;
        using var own = new FileDescriptor((int)Kernel.Check(
            DirectoryCalls.TryOpen(directory, "."u8, OpenFlags.ReadOnly | OpenFlags.Directory), "open directory", root.Display(path)));
        Kernel.Check(DirectoryCalls.TryChangeMode(own, mode), "set the mode of", root.Display(path));
    }

    /// <summary>A file's text, or null if it is not there.</summary>
    public string? Read(string path)
    {
        var opened = root.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        if (opened < 0)
            return null;
        using var file = new FileDescriptor((int)opened);
        var bytes = new byte[FileStatus.Of(file, root.Display(path)).Size];
        var length = FileData.ReadAt(file, bytes, 0, root.Display(path));
        return System.Text.Encoding.UTF8.GetString(bytes, 0, length);
    }

    /// <summary>True if there is something at the path; a link counts, wherever it leads.</summary>
    public bool Exists(string path)
    {
        using var parent = OpenParent(path, create: false);
        return parent is not null && FileStatus.TryGet(parent, Name(path), out _) >= 0;
    }

    /// <summary>Removes a file or link, if it is there.</summary>
    public void Remove(string path)
    {
        using var parent = OpenParent(path, create: false);
        if (parent is not null)
            Removed(DirectoryCalls.TryRemove(parent, Name(path)), path);
    }

    /// <summary>Calls back for every file (not directory) below a directory with its directory, name and path.</summary>
    public void ForEachFile(string path, Action<FileDescriptor, byte[], string> action)
    {
        using var directory = OpenDirectory(path, create: false);
        if (directory is not null)
            Walk(directory, path, action, removeDirectories: false);
    }

    /// <summary>Removes all that is in a directory, which stays.</summary>
    public void Empty(string path)
    {
        using var directory = OpenDirectory(path, create: false);
        if (directory is not null)
            Walk(directory, path, (parent, name, file) => Removed(DirectoryCalls.TryRemove(parent, name), file), removeDirectories: true);
    }

    private void Walk(FileDescriptor directory, string path, Action<FileDescriptor, byte[], string> action, bool removeDirectories)
    {
        using var readable = new FileDescriptor((int)Kernel.Check(
            DirectoryCalls.TryOpen(directory, "."u8, OpenFlags.ReadOnly | OpenFlags.Directory), "open directory", root.Display(path)));
        foreach (var name in DirectoryReader.ReadNames(readable, root.Display(path)))
        {
            var child = $"{path}/{EntryName.Display(name)}";
            Kernel.Check(FileStatus.TryGet(readable, name, out var status), "inspect", root.Display(child));
            if (status.Kind != FileKind.Directory)
            {
                action(readable, name, child);
                continue;
            }

            using (var inner = new FileDescriptor((int)Kernel.Check(
                DirectoryCalls.TryOpen(readable, name, OpenFlags.Path | OpenFlags.Directory), "open directory", root.Display(child))))
                Walk(inner, child, action, removeDirectories);
            if (removeDirectories)
                Removed(DirectoryCalls.TryRemoveDirectory(readable, name), child);
        }
    }

    private FileDescriptor? OpenParent(string path, bool create) => OpenDirectory(path[..path.LastIndexOf('/')], create);

    private FileDescriptor? OpenDirectory(string path, bool create)
    {
        const OpenFlags flags = OpenFlags.Path | OpenFlags.Directory;
        var opened = root.TryOpen(path.Length == 0 ? "/" : path, flags);
        if (opened != -(long)Errno.ENOENT)
            return new FileDescriptor((int)Kernel.Check(opened, "open directory", root.Display(path)));
        if (!create)
            return null;
        using var parent = OpenParent(path, create: true)!;
        Kernel.Check(DirectoryCalls.TryMakeDirectory(parent, Name(path), DirectoryMode), "create directory", root.Display(path));
        return root.OpenFile(path, flags);
    }

    private static byte[] Name(string path) => EntryName.Of(path[(path.LastIndexOf('/') + 1)..]);

    private void Removed(long result, string path)
    {
        if (result != -(long)Errno.ENOENT)
            Kernel.Check(result, "remove", root.Display(path));
    }
}
