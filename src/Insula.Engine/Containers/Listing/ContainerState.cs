namespace Insula.Engine.Containers.Listing;

/// <summary>What a container does, in one word.</summary>
public enum ContainerState
{
    /// <summary>Its init runs.</summary>
    Running,

    /// <summary>It does not run and nothing of it is mounted.</summary>
    Stopped,

    /// <summary>It does not run, and VE_ROOT shows its files.</summary>
    Mounted,

    /// <summary>It does not run, and there is a checkpoint to resume from.</summary>
    Suspended,
}
