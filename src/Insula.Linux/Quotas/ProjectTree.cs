using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Quotas;

/// <summary>
/// Gives a whole tree to a project. It works by descriptors and opens directories and regular files only, so nothing a container
/// made can send it elsewhere or have an effect by being opened; symbolic links, devices, sockets and pipes that were there before keep
/// no project (the calls for them are of Linux 6.17), which for the quota means some inodes uncounted.
/// </summary>
public static class ProjectTree
{
    /// <summary>Sets the id of a directory and all below it that does not have it yet.</summary>
    /// <param name="path">A directory that no container is writing to.</param>
    /// <param name="id">The project.</param>
    /// <exception cref="LinuxException">As <see cref="ProjectId.Set"/>.</exception>
    public static void Give(string path, uint id)
    {
        var current = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        try
        {
            // Two descriptors at most, however deep somebody has nested directories.
            var levels = new Stack<Stack<byte[]>>();
            levels.Push(GiveFiles(current, id, path));
            while (true)
            {
                FileDescriptor? next;
                if (levels.Peek().TryPop(out var name))
                {
                    next = TryOpen(current, name, OpenFlags.Directory, path);
                    if (next == null)
                        continue;
                    levels.Push(GiveFiles(next, id, path));
                }
                else
                {
                    // Its own id is set last: a directory that has it is known to be done with all below it.
                    Set(current, id, isDirectory: true, path);
                    levels.Pop();
                    if (levels.Count == 0)
                        return;
                    next = new FileDescriptor((int)Kernel.Check(
                        Files.TryOpenAt(current.Number, "..", OpenFlags.Directory), "go back up in", path));
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

    // Gives the regular files of a directory to the project; returns the names of its directories.
    private static Stack<byte[]> GiveFiles(FileDescriptor directory, uint id, string display)
    {
        var directories = new Stack<byte[]>();
        foreach (var entry in DirectoryReader.Read(directory, display))
        {
            if (entry.Type == DirectoryReader.TypeDirectory)
                directories.Push(entry.Name[..^1]);
            if (entry.Type != DirectoryReader.TypeRegular)
                continue;
            using var file = TryOpen(directory, entry.Name.AsSpan(..^1), OpenFlags.NonBlocking, display);
            if (file != null)
                Set(file, id, isDirectory: false, display);
        }
        return directories;
    }

    private static FileDescriptor? TryOpen(FileDescriptor directory, ReadOnlySpan<byte> name, OpenFlags flags, string display)
    {
        var opened = DirectoryCalls.TryOpen(directory, name, OpenFlags.ReadOnly | flags);
        return Kernel.ErrnoOf(opened) == Errno.ENOENT ? null : new FileDescriptor((int)Kernel.Check(opened, "open a file in", display));
    }

    private static void Set(FileDescriptor file, uint id, bool isDirectory, string display)
    {
        if (ProjectId.TryRead(file, out var has, out var inherited) == Errno.None && has == id && (inherited || !isDirectory))
            return;
        ProjectId.Set(file, id, isDirectory, display);
    }
}
