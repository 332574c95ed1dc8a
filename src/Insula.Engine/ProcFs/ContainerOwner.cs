namespace Insula.Engine.ProcFs;

/// <summary>Whose a container's virtual files are, in ids of the host.</summary>
/// <param name="User">Its root user.</param>
/// <param name="Group">Its root group.</param>
public readonly record struct ContainerOwner(uint User, uint Group);
