namespace Insula.Linux.Mounts;

/// <summary>MOUNT_ATTR_* of mount_setattr(2) and fsmount(2).</summary>
[Flags]
public enum MountAttributes : ulong
{
    None = 0,
    ReadOnly = 0x1,
    NoSetUid = 0x2,
    NoDevices = 0x4,
    NoExec = 0x8,
    NoAccessTime = 0x10,
    IdMap = 0x00100000,
}

/// <summary>Numbers of the mount calls (linux/mount.h, linux/fcntl.h), for wrappers and for planned steps.</summary>
public static class MountConstants
{
    public const int FsOpenCloseOnExec = 1;
    public const int FsMountCloseOnExec = 1;

    /// <summary>FSCONFIG_SET_FLAG, _SET_STRING, _SET_FD, _CMD_CREATE, _CMD_RECONFIGURE.</summary>
    public const int ConfigSetFlag = 0, ConfigSetString = 1, ConfigSetDescriptor = 5, ConfigCreate = 6, ConfigReconfigure = 7;

    /// <summary>FSPICK_CLOEXEC | FSPICK_SYMLINK_NOFOLLOW | FSPICK_NO_AUTOMOUNT.</summary>
    public const int FsPickSafely = 1 | 2 | 4;

    public const int OpenTreeClone = 1;
    public const int OpenTreeCloseOnExec = 0x80000;
    public const int AtRecursive = 0x8000;
    public const int AtEmptyPath = 0x1000;

    /// <summary>MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH: both ends are given by descriptor alone.</summary>
    public const int MoveBetweenDescriptors = 0x4 | 0x40;

    /// <summary>MOVE_MOUNT_F_EMPTY_PATH.</summary>
    public const int MoveFromDescriptor = 0x4;

    public const int UnmountDetach = 2;
    public const int UnmountNoFollow = 8;
    public const int PropagationUnbindable = 1 << 17, PropagationPrivate = 1 << 18, PropagationSlave = 1 << 19;
}
