namespace Insula.Linux.Syscalls;

public static partial class Kernel
{
    /// <summary>fchownat(2).</summary>
    /// <param name="directory">The directory the name is in.</param>
    /// <param name="name">One component, or empty with AT_EMPTY_PATH in <paramref name="flags"/>.</param>
    /// <param name="uid">New owner, a host id.</param>
    /// <param name="gid">New group, a host id.</param>
    /// <param name="flags">AT_* flags.</param>
    /// <param name="displayPath">The path, for messages.</param>
    public static unsafe void ChangeOwner(FileDescriptor directory, string name, uint uid, uint gid, int flags, string displayPath)
    {
        using var text = new Utf8Text(name);
        Check(Call(Syscall.Fchownat, directory.Number, (nint)text.Pointer, (nint)uid, (nint)gid, flags), "change the owner of", displayPath);
    }
}
