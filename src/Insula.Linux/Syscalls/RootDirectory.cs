namespace Insula.Linux.Syscalls;

/// <summary>
/// A directory whose contents are hostile: a container's root, an unpacked template. Paths are resolved by the kernel
/// (openat2(2), Linux 5.6) and cannot leave it: "..", absolute paths and symbolic links stay inside, magic links are refused.
/// It is the only way the engine touches a path that a container can change.
/// </summary>
public sealed partial class RootDirectory : IDisposable
{
    private readonly FileDescriptor _root;

    private RootDirectory(FileDescriptor root, string displayPath)
    {
        _root = root;
        DisplayPath = displayPath;
    }

    /// <summary>The path it was opened by, for messages only.</summary>
    public string DisplayPath { get; }

    /// <summary>The O_PATH descriptor of the root itself.</summary>
    public FileDescriptor Descriptor => _root;

    /// <summary>Opens a directory of the host; its own last component must not be a symbolic link.</summary>
    public static RootDirectory Open(string path)
    {
        var result = Files.TryOpenAt(Files.CurrentDirectory, path, OpenFlags.Path | OpenFlags.Directory | OpenFlags.NoFollow);
        return new RootDirectory(new FileDescriptor((int)Kernel.Check(result, "open directory", path)), path);
    }

    /// <summary>The root directory of a process, in that process's mount namespace (/proc/PID/root, proc(5)).</summary>
    public static RootDirectory OpenRootOf(int pid)
    {
        // The last component is a magic link by design; what is below it is resolved with none followed.
        var path = $"/proc/{pid}/root";
        var result = Files.TryOpenAt(Files.CurrentDirectory, path, OpenFlags.Path | OpenFlags.Directory);
        return new RootDirectory(new FileDescriptor((int)Kernel.Check(result, "open directory", path)), path);
    }

    /// <summary>Opens something inside. Symbolic links are followed as if this directory were "/".</summary>
    /// <exception cref="LinuxException">Not there, or the kernel refused.</exception>
    public FileDescriptor OpenFile(string path, OpenFlags flags, int mode = 0)
        => new((int)Kernel.Check(TryOpen(path, flags, mode), "open", Display(path)));

    /// <summary>As <see cref="OpenFile"/>, giving back the kernel's own result.</summary>
    public long TryOpen(string path, OpenFlags flags, int mode = 0)
        => Files.TryOpenAt2(_root.Number, path, WithoutTerminal(flags), ResolveFlags.InRoot | ResolveFlags.NoMagicLinks, mode);

    /// <summary>True if the path leads to something inside.</summary>
    public bool Exists(string path)
    {
        var result = TryOpen(path, OpenFlags.Path);
        if (result < 0)
            return false;
        new FileDescriptor((int)result).Dispose();
        return true;
    }

    /// <summary>A root directory inside this one, for instance the directory of a file that is to be replaced.</summary>
    public RootDirectory OpenDirectory(string path)
        => new(OpenFile(path, OpenFlags.Path | OpenFlags.Directory), Display(path));

    /// <summary>How a path inside is shown to the user.</summary>
    public string Display(string path) => DisplayPath.TrimEnd('/') + "/" + path.TrimStart('/');

    // openat2(2) answers EINVAL to O_NOCTTY beside O_PATH, which never gives a terminal anyway.
    private static OpenFlags WithoutTerminal(OpenFlags flags)
        => flags.HasFlag(OpenFlags.Path) ? flags : flags | OpenFlags.NoControllingTerminal;

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();
}
