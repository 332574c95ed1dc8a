namespace Insula.Engine.Containers;

/// <summary>What `vzctl status` tells.</summary>
/// <param name="Exists">There is a private area.</param>
/// <param name="Mounted">VE_ROOT shows the container's files.</param>
/// <param name="Running">Its init runs.</param>
/// <param name="Suspended">There is a checkpoint and it does not run.</param>
public readonly record struct ContainerStatus(bool Exists, bool Mounted, bool Running, bool Suspended);
