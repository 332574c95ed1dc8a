namespace Insula.Engine.Parameters;

/// <summary>When a change of a parameter takes effect.</summary>
public enum ChangeMoment
{
    /// <summary>At once, also in a running container.</summary>
    Live,

    /// <summary>At the next start; a running container says so and goes on with the old value.</summary>
    Restart,

    /// <summary>Refused while the container runs (32).</summary>
    Stopped,

    /// <summary>Given when the container is created and not changed afterwards.</summary>
    CreateOnly,

    /// <summary>Concerns only what is written about the container: nothing in the kernel changes.</summary>
    FileOnly,
}
