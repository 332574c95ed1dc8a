namespace Insula.Engine.ActionScripts;

/// <summary>When in a container's life an administrator's scripts run (vzctl(8), "ACTION SCRIPTS").</summary>
public enum ActionMoment
{
    /// <summary>vps.premount, CTID.premount: nothing is mounted yet.</summary>
    BeforeMount,

    /// <summary>vps.mount, CTID.mount: VE_ROOT is mounted.</summary>
    AfterMount,

    /// <summary>CTID.start, in the container: the network is set up, init has not run yet.</summary>
    Start,

    /// <summary>CTID.stop, in the container, before it is stopped.</summary>
    Stop,

    /// <summary>CTID.umount, vps.umount: VE_ROOT is still mounted.</summary>
    BeforeUnmount,

    /// <summary>CTID.postumount, vps.postumount: VE_ROOT is no more.</summary>
    AfterUnmount,

    /// <summary>vps.create: the container has just been made.</summary>
    AfterCreate,
}
