using Insula.Engine.Containers;

namespace Insula.Engine.ProcFs;

/// <summary>The running containers, as the virtual files show them.</summary>
public interface IContainerViews
{
    /// <summary>A running container; null if it does not run.</summary>
    IContainerView? Find(Ctid ctid);

    /// <summary>The numbers of those that run, ascending.</summary>
    IReadOnlyList<Ctid> List();
}
