namespace Insula.Engine.Quotas;

/// <summary>The exit codes of vzquota and its kin; numbers and meanings are those of vzquota(8) of the legacy tools.</summary>
public enum VzQuotaExit
{
    Ok = 0,
    System = 1,
    Usage = 2,
    Kernel = 3,
    File = 4,
    Running = 5,
    NotRunning = 6,
    Locked = 7,
    CrossesMounts = 8,
    UsersInactive = 9,
    Dirty = 10,
    NoFile = 11,
    Internal = 12,
    MountPoint = 13,
}
