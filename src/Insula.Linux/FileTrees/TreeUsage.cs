using Insula.Linux.Syscalls;

namespace Insula.Linux.FileTrees;

/// <summary>How much a tree occupies, as du(1) counts: each inode once, however many names it has; other file systems are left out.</summary>
/// <param name="Bytes">What it occupies on disk.</param>
/// <param name="Inodes">Files and directories.</param>
public readonly record struct TreeUsage(long Bytes, long Inodes)
{
    /// <summary>Counts a directory and all below it, whatever somebody has put there: it goes by descriptors and follows no link.</summary>
    /// <exception cref="LinuxException">ENOENT, ENOTDIR: it is no directory.</exception>
    public static TreeUsage Of(string path)
    {
        var current = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        try
        {
            var count = new Counter(FileStatus.Of(current, path));
            var levels = new Stack<Stack<byte[]>>();
            levels.Push(count.Add(current, path));
            while (true)
            {
                var opened = levels.Peek().TryPop(out var name)
                    ? DirectoryCalls.TryOpen(current, name, OpenFlags.ReadOnly | OpenFlags.Directory)
                    : Leave(levels, current);
                if (levels.Count == 0)
                    return new TreeUsage(count.Bytes, count.Inodes);
                if (name != null && Kernel.ErrnoOf(opened) == Errno.ENOENT)
                    continue;
                var next = new FileDescriptor((int)Kernel.Check(opened, "open a directory in", path));
                if (name != null)
                    levels.Push(count.Add(next, path));
                current.Dispose();
                current = next;
            }
        }
        finally
        {
            current.Dispose();
        }
    }

    private static long Leave(Stack<Stack<byte[]>> levels, FileDescriptor current)
    {
        levels.Pop();
        return levels.Count == 0 ? 0 : Files.TryOpenAt(current.Number, "..", OpenFlags.Directory);
    }

    private sealed class Counter(FileStatus top)
    {
        private readonly HashSet<ulong> _linked = [];

        public long Bytes { get; private set; } = top.AllocatedBytes;

        public long Inodes { get; private set; } = 1;

        // Counts what is in a directory; returns the names of its directories on the same file system.
        public Stack<byte[]> Add(FileDescriptor directory, string display)
        {
            var directories = new Stack<byte[]>();
            foreach (var name in DirectoryReader.ReadNames(directory, display))
            {
                if (DirectoryCalls.TryOpen(directory, name, OpenFlags.Path) is var opened && opened < 0)
                    continue;
                using var entry = new FileDescriptor((int)opened);
                var status = FileStatus.Of(entry, display);
                if (status.Device != top.Device || (status.Links > 1 && status.Kind != FileKind.Directory && !_linked.Add(status.Inode)))
                    continue;
                Bytes += status.AllocatedBytes;
                Inodes++;
                if (status.Kind == FileKind.Directory)
                    directories.Push(name);
            }
            return directories;
        }
    }
}
