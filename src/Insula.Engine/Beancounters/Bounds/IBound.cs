using Insula.Engine.Containers;
using Insula.Linux.Processes;

namespace Insula.Engine.Beancounters.Bounds;

/// <summary>One way to make the kernel hold a container to its beancounters.</summary>
internal interface IBound
{
    /// <summary>The resources it bounds.</summary>
    IReadOnlyList<BeancounterResource> Resources { get; }

    /// <summary>Puts the container's bounds into force; its first process exists and waits, or runs. May be repeated.</summary>
    void Apply(ContainerContext container, PidFd init);

    /// <summary>As <see cref="Apply"/>, in a container that runs, when one of the resources has got other bounds.</summary>
    void Change(ContainerContext container, PidFd init) => Apply(container, init);
}
