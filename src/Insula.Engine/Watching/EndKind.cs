namespace Insula.Engine.Watching;

/// <summary>What ended a container.</summary>
public enum EndKind
{
    /// <summary>It is not known: nobody saw it, and the kernel does not tell any more.</summary>
    Unknown,

    /// <summary>Its init ended with code 0.</summary>
    Exit,

    /// <summary><c>poweroff</c> or <c>halt</c> inside; the kernel tells no difference.</summary>
    PowerOff,

    /// <summary><c>reboot</c> inside.</summary>
    Reboot,

    /// <summary>Its init was killed by a signal, or ended with a code other than 0.</summary>
    Crash,
}
