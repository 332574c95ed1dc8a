using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// Where an installation's maps and programs have their names: a bpf file system of its own below the run directory, which needs nothing
/// to be mounted at /sys/fs/bpf. It is there while containers are counted.
/// </summary>
/// <param name="mountPoint">RUNDIR/bpf.</param>
internal sealed class BpfDirectory(string mountPoint)
{
    // What is in the maps: another layout gets another directory, and leaves running containers to the old one.
    private const string Layout = "v1";
    private const UnixFileMode ForRoot = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The directory of the maps.</summary>
    public string Path { get; } = $"{mountPoint}/{Layout}";

    /// <summary>True if it is there.</summary>
    public bool Exists => Directory.Exists(Path);

    /// <summary>True if there is at least a place for it.</summary>
    public bool IsBegun => Directory.Exists(mountPoint);

    /// <summary>The maps, made if need be.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public BpfMapSet OpenOrCreate()
    {
        Directory.CreateDirectory(mountPoint, ForRoot);
        if (!BpfFileSystem.IsMounted(mountPoint))
            BpfFileSystem.Mount(mountPoint);
        Directory.CreateDirectory(Path, ForRoot);
        return BpfMapSet.OpenOrCreate(Path);
    }

    /// <summary>The programs that are attached as the names of their resources, of one revision.</summary>
    public string LinksOf(int revision) => $"{Path}/links-{revision}";

    /// <summary>The directories of the links of other revisions.</summary>
    public IEnumerable<string> LinksOfOthers(int revision)
        => Directory.Exists(Path) ? Directory.EnumerateDirectories(Path, "links-*").Where(path => path != LinksOf(revision)) : [];

    /// <summary>Takes away all names and with them what only they keep: every program is detached, every map freed.</summary>
    public void Remove()
    {
        if (!Directory.Exists(mountPoint))
            return;
        if (BpfFileSystem.IsMounted(mountPoint))
        {
            // The mount may live on in a namespace that was copied meanwhile; the names must not.
            RemoveTree(Path);
            BpfFileSystem.Unmount(mountPoint);
        }
        Directory.Delete(mountPoint);
    }

    /// <summary>Removes a directory of names.</summary>
    public static void RemoveTree(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
    }
}
