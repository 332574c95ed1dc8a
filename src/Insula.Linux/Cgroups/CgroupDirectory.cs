using System.Buffers.Binary;
using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>
/// Group directories as directories: making, listing, walking and removing them. The walk goes by descriptor and keeps two of
/// them, because a container can nest groups in its own part deeper than an absolute path reaches.
/// </summary>
internal static class CgroupDirectory
{
    private const int AT_REMOVEDIR = 0x200;
    private const byte DT_DIR = 4;

    /// <summary>Told of a group below: the open directory that holds it, and its name in there.</summary>
    public delegate void Visitor(int parent, string name);

    /// <summary>Makes one directory. False if it is there already, or if the one above it is not.</summary>
    public static bool TryMake(string path)
    {
        var result = TryMakeDirectory(path);
        if (Kernel.ErrnoOf(result) is Errno.EEXIST or Errno.ENOENT)
            return false;
        Kernel.Check(result, "create control group", path);
        return true;
    }

    /// <summary>Makes one directory. False if it is there already.</summary>
    public static bool Make(string path)
    {
        var result = TryMakeDirectory(path);
        if (Kernel.ErrnoOf(result) == Errno.EEXIST)
            return false;
        Kernel.Check(result, "create control group", path);
        return true;
    }

    private static long TryMakeDirectory(string path) => Kernel.CallWithPath(Syscall.MkDirAt, Files.CurrentDirectory, path, 0x1ED); // 0755

    /// <summary>Opens a group's directory; null if there is none.</summary>
    public static FileDescriptor? TryOpen(string path)
    {
        var result = Files.TryOpenAt(Files.CurrentDirectory, path, OpenFlags.Directory | OpenFlags.NoFollow);
        if (Kernel.ErrnoOf(result) == Errno.ENOENT)
            return null;
        return new FileDescriptor((int)Kernel.Check(result, "open control group", path));
    }

    /// <summary>Removes one directory.</summary>
    public static Errno TryRemove(int parent, string name)
        => Kernel.ErrnoOf(Kernel.CallWithPath(Syscall.Unlinkat, parent, name, AT_REMOVEDIR));

    /// <summary>Removes a group and all groups below it, the deepest first. Gives the first refusal; gone already is no refusal.</summary>
    public static Errno TryRemoveTree(string path)
    {
        using var directory = TryOpen(path);
        if (directory is null)
            return Errno.None;
        var refusal = Errno.None;
        DeepestFirst(directory, path, (parent, name) =>
        {
            var errno = TryRemove(parent, name);
            if (errno != Errno.ENOENT && refusal == Errno.None)
                refusal = errno;
        });
        if (refusal != Errno.None)
            return refusal;
        var last = TryRemove(Files.CurrentDirectory, path);
        return last == Errno.ENOENT ? Errno.None : last;
    }

    /// <summary>Visits every group below <paramref name="top"/>, children before their parents; not <paramref name="top"/> itself.</summary>
    public static void DeepestFirst(FileDescriptor top, string displayPath, Visitor visit)
    {
        var levels = new Stack<(string Name, List<string> Children)>();
        var current = top.Duplicate();
        try
        {
            levels.Push(("", Children(current, displayPath)));
            while (true)
            {
                var (name, children) = levels.Peek();
                FileDescriptor? next;
                if (TakeLast(children) is { } child)
                {
                    next = TryOpenBelow(current, child, displayPath);
                    if (next is null)
                        continue;
                    levels.Push((child, Children(next, displayPath)));
                }
                else
                {
                    levels.Pop();
                    if (levels.Count == 0)
                        return;
                    next = OpenAbove(current, displayPath);
                    visit(next.Number, name);
                }
                current.Dispose();
                current = next;
            }
        }
        finally
        {
            current.Dispose();
        }
    }

    private static string? TakeLast(List<string> names)
    {
        if (names.Count == 0)
            return null;
        var last = names[^1];
        names.RemoveAt(names.Count - 1);
        return last;
    }

    // Null if it was removed since it was listed.
    private static FileDescriptor? TryOpenBelow(FileDescriptor directory, string name, string displayPath)
    {
        var result = Files.TryOpenAt(directory.Number, name, OpenFlags.Directory | OpenFlags.NoFollow);
        if (Kernel.ErrnoOf(result) is Errno.ENOENT or Errno.ENODEV)
            return null;
        return new FileDescriptor((int)Kernel.Check(result, "open a control group below", displayPath));
    }

    // Groups cannot move to another parent, so ".." is where the walk came from.
    private static FileDescriptor OpenAbove(FileDescriptor directory, string displayPath)
        => new((int)Kernel.Check(
            Files.TryOpenAt(directory.Number, "..", OpenFlags.Directory), "go back up to a control group below", displayPath));

    /// <summary>The names of the groups in an open directory.</summary>
    public static unsafe List<string> Children(FileDescriptor directory, string displayPath)
    {
        var names = new List<string>();
        var buffer = new byte[8192];
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var got = Kernel.Call(Syscall.Getdents64, directory.Number, (nint)start, buffer.Length);
                // Removed while we look: nothing in it.
                if (Kernel.ErrnoOf(got) == Errno.ENOENT)
                    return names;
                if (Kernel.Check(got, "list control group", displayPath) == 0)
                    return names;
                AddDirectories(buffer.AsSpan(0, (int)got), names);
            }
        }
    }

    // struct linux_dirent64 of getdents(2): u64 inode, s64 offset, u16 record length, u8 type, name with NUL.
    private static void AddDirectories(ReadOnlySpan<byte> entries, List<string> names)
    {
        while (!entries.IsEmpty)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(entries[16..]);
            var name = entries[19..length];
            name = name[..name.IndexOf((byte)0)];
            if (entries[18] == DT_DIR && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                names.Add(Encoding.UTF8.GetString(name));
            entries = entries[length..];
        }
    }
}
