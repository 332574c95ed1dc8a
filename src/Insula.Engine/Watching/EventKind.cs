namespace Insula.Engine.Watching;

/// <summary>Kinds of event; in lower case they are what the event stream and the names of hooks say.</summary>
public enum EventKind
{
    /// <summary>The container has been created.</summary>
    Create,

    /// <summary>The container is no more.</summary>
    Destroy,

    /// <summary>Parameters have been changed.</summary>
    Set,

    /// <summary>Its files are mounted.</summary>
    Mount,

    /// <summary>Its files are unmounted.</summary>
    Umount,

    /// <summary>It has been started.</summary>
    Start,

    /// <summary>It is stopped: by a command, or it had ended and what was left is cleaned up. Not told of a reboot.</summary>
    Stop,

    /// <summary>Its init ended with code 0.</summary>
    Exit,

    /// <summary>It powered off or halted.</summary>
    PowerOff,

    /// <summary>It reboots.</summary>
    Reboot,

    /// <summary>Its init was killed, or ended with another code than 0.</summary>
    Crash,

    /// <summary>It ended, and how is not known.</summary>
    Ended,

    /// <summary>It will be started again later: it ends too often.</summary>
    Delay,

    /// <summary>Something that the daemon did for it failed.</summary>
    Failed,
}
