using Insula.Linux.Syscalls;

namespace Insula.Linux.Mounts;

/// <summary>Mounts by descriptor: cloned, given attributes, and attached when they are complete (open_tree(2), move_mount(2)).</summary>
public static unsafe class DetachedMount
{
    /// <summary>A private copy of the mount at <paramref name="path"/>, attached nowhere (open_tree(2) with OPEN_TREE_CLONE).</summary>
    /// <param name="path">What is to be seen at the top of the copy; a symbolic link as last component is followed.</param>
    /// <param name="recursive">True to take the mounts below it along.</param>
    public static FileDescriptor Clone(string path, bool recursive = false)
    {
        var flags = MountConstants.OpenTreeClone | MountConstants.OpenTreeCloseOnExec | (recursive ? MountConstants.AtRecursive : 0);
        return new FileDescriptor((int)Kernel.Check(
            Kernel.CallWithPath(Syscall.OpenTree, Files.CurrentDirectory, path, flags), "take a copy of the mount at", path));
    }

    /// <summary>mount_setattr(2) on the mount itself.</summary>
    /// <param name="mount">A detached mount.</param>
    /// <param name="set">What to turn on; with <see cref="MountAttributes.IdMap"/>, <paramref name="userNamespace"/> gives the map.</param>
    /// <param name="userNamespace">A user namespace whose id map the mount is to be seen through (Linux 5.12), or null.</param>
    /// <param name="recursive">True to change the mounts below it as well.</param>
    /// <param name="privatePropagation">True to cut it off from mounts made elsewhere.</param>
    /// <param name="displayPath">What it is, for messages.</param>
    /// <param name="clear">What to turn off.</param>
    public static void SetAttributes(
        FileDescriptor mount, MountAttributes set, FileDescriptor? userNamespace, bool recursive, bool privatePropagation, string displayPath,
        MountAttributes clear = MountAttributes.None)
    {
        var attributes = new MountAttr
        {
            Set = (ulong)set,
            Clear = (ulong)clear,
            Propagation = privatePropagation ? (ulong)MountConstants.PropagationPrivate : 0,
            UserNamespace = userNamespace == null ? 0 : (ulong)userNamespace.Number,
        };
        var flags = MountConstants.AtEmptyPath | (recursive ? MountConstants.AtRecursive : 0);
        using var empty = new Utf8Text("");
        var result = Kernel.Call(
            Syscall.MountSetattr, mount.Number, (nint)empty.Pointer, flags, (nint)(&attributes), sizeof(MountAttr));
        Kernel.Check(result, "set mount attributes of", displayPath);
    }

    /// <summary>Attaches a detached mount at a path of the host (move_mount(2)).</summary>
    public static void Attach(FileDescriptor mount, string path)
    {
        using var empty = new Utf8Text("");
        using var target = new Utf8Text(path);
        var result = Kernel.Call(
            Syscall.MoveMount, mount.Number, (nint)empty.Pointer, Files.CurrentDirectory, (nint)target.Pointer,
            MountConstants.MoveFromDescriptor);
        Kernel.Check(result, "mount on", path);
    }

    /// <summary>umount2(2), never through a symbolic link.</summary>
    /// <param name="path">The mount point.</param>
    /// <param name="detach">True to take it away at once and let it go when its last user does (MNT_DETACH).</param>
    /// <returns>The kernel's error, or none.</returns>
    public static Errno TryUnmount(string path, bool detach)
    {
        using var text = new Utf8Text(path);
        var flags = MountConstants.UnmountNoFollow | (detach ? MountConstants.UnmountDetach : 0);
        return Kernel.ErrnoOf(Kernel.Call(Syscall.Umount2, (nint)text.Pointer, flags));
    }
}
