using System.Text;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Distributions;

/// <summary>
/// The configuration files of a container, read and written from the host. Text is Latin-1, one character a byte, so that whatever
/// the container's owner wrote comes out as it went in; what we write ourselves is ASCII.
/// </summary>
/// <param name="root">The container's root directory.</param>
/// <param name="rootUid">The host's id for the container's root.</param>
/// <param name="rootGid">The host's id for the container's group root.</param>
internal sealed class ContainerFiles(RootDirectory root, uint rootUid, uint rootGid)
{
    /// <summary>The most that is read of a file, in bytes; a configuration file of this length is not one.</summary>
    internal const int LongestFile = 1 << 20;

    /// <summary>0644.</summary>
    internal const int PublicMode = 0x1A4;

    private const int DirectoryMode = 0x1ED; // 0755

    /// <summary>The host's id for the container's root.</summary>
    public uint RootUid => rootUid;

    /// <summary>The host's id for the container's group root.</summary>
    public uint RootGid => rootGid;

    /// <summary>True if the path leads to something.</summary>
    public bool Exists(string path) => Guard("look at", path, () => root.TryLookAt(path) != null);

    /// <summary>True if there is something at the path, a dangling symbolic link included.</summary>
    public bool EntryExists(string path) => Guard("look at", path, () => root.TryLookAtItself(path) != null);

    /// <summary>True if a regular file is at the path itself.</summary>
    public bool IsRegular(string path) => Guard("look at", path, () => root.TryLookAtItself(path) is { Kind: FileKind.Regular });

    /// <summary>True if the path leads to a directory.</summary>
    public bool IsDirectory(string path) => Guard("look at", path, () => root.TryLookAt(path) is { Kind: FileKind.Directory });

    /// <summary>Where the symbolic link at the path points to; null if there is none.</summary>
    public string? ReadLink(string path) => Guard("read the link", path, () => root.TryReadLink(path));

    /// <summary>A file's text, or null if there is none.</summary>
    /// <exception cref="InsulaException">DistributionScript: it is no regular file, too long for a configuration file, or no text.</exception>
    public string? Read(string path)
    {
        var text = Guard("read", path, () => root.TryReadFile(path, LongestFile, out _) is { } bytes ? Encoding.Latin1.GetString(bytes) : null);
        return text == null || !text.Contains('\0', StringComparison.Ordinal)
            ? text
            : throw new InsulaException(ExitCode.DistributionScript, $"Cannot read /{path} of the container: it is no text file");
    }

    /// <summary>A file's bytes and permission bits, or null if there is none.</summary>
    public (byte[] Content, int Mode)? ReadBytes(string path)
        => Guard<(byte[], int)?>("read", path, () => root.TryReadFile(path, LongestFile, out var status) is { } bytes ? (bytes, status.Mode) : null);

    /// <summary>The names in a directory.</summary>
    public IReadOnlyList<string> List(string path) => Guard("list", path, () => root.ListNames(path));

    /// <summary>Brings a file to this text. Owner and mode stay; a new file is root's.</summary>
    /// <param name="path">The file; missing directories are made.</param>
    /// <param name="text">The whole text.</param>
    /// <param name="newMode">Permission bits if it is new.</param>
    /// <returns>False if it had this text already; nothing was touched then.</returns>
    public bool Write(string path, string text, int newMode = PublicMode) => Guard("write", path, () =>
    {
        var content = Encoding.Latin1.GetBytes(text);
        var old = root.TryReadFile(path, LongestFile, out var status);
        var isLink = root.TryLookAtItself(path) is { Kind: FileKind.SymbolicLink };
        if (old != null && !isLink && old.AsSpan().SequenceEqual(content))
            return false;
        EnsureParent(path);
        if (old == null)
            root.ReplaceFile(path, content, newMode, rootUid, rootGid, durable: false);
        else
            root.ReplaceFile(path, content, status.Mode, status.Uid, status.Gid, durable: old.Length > 0); // what was there is never lost
        return true;
    });

    /// <summary>Makes a file that must not be there yet.</summary>
    public void Create(string path, byte[] content, int mode, uint uid, uint gid) => Guard("write", path, () =>
    {
        root.ReplaceFile(path, content, mode, uid, gid, durable: false);
        return true;
    });

    /// <summary>Makes a directory. False if something of that name is there.</summary>
    public bool MakeDirectory(string path, int mode, uint uid, uint gid)
        => Guard("create directory", path, () => root.MakeDirectory(path, mode, uid, gid));

    /// <summary>Has a symbolic link at the path; a file or another link there is replaced.</summary>
    /// <returns>False if it was there already.</returns>
    public bool Link(string path, string target) => Guard("make a link at", path, () =>
    {
        if (root.TryReadLink(path) == target)
            return false;
        EnsureParent(path);
        root.ReplaceLink(path, target, rootUid, rootGid);
        return true;
    });

    /// <summary>Removes a file. False if there is none.</summary>
    public bool Remove(string path) => Guard("remove", path, () => root.RemoveFile(path));

    private void EnsureParent(string path)
    {
        var slash = path.LastIndexOf('/');
        if (slash <= 0 || root.TryLookAt(path[..slash]) is { Kind: FileKind.Directory })
            return;
        EnsureParent(path[..slash]);
        root.MakeDirectory(path[..slash], DirectoryMode, rootUid, rootGid);
    }

    private static T Guard<T>(string action, string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (LinuxException error)
        {
            throw new InsulaException(
                ExitCode.DistributionScript, $"Cannot {action} /{path} of the container: {ErrnoText.Describe(error.Errno)}", error.Hint, error);
        }
    }
}
