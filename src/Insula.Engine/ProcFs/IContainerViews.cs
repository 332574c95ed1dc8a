using Insula.Engine.Containers;

namespace Insula.Engine.ProcFs;

/// <summary>The running containers, as the virtual files show them.</summary>
public interface IContainerViews
{
    /// <summary>A running container; null if it does not run.</summary>
    IContainerView? Find(Ctid ctid);

    /// <summary>
    /// Whose the files of a container are; null if there is no such container. It need not run yet: its first process mounts the files while the
    /// container is still being made.
    /// </summary>
    ContainerOwner? OwnerOf(Ctid ctid);

    /// <summary>The numbers of those that run, ascending.</summary>
    IReadOnlyList<Ctid> List();
}
