using Insula.Engine.Containers;
using Insula.Engine.Parameters;

namespace Insula.Engine.Parts;

/// <summary>
/// One facet of a container: its cgroups, its network, its settings files. `start` walks the list of parts and a failure walks it back;
/// `set` calls the parts whose parameters have changed. A new capability is a new part, not an edit in the operations.
/// </summary>
public abstract class ContainerPart
{
    /// <summary>The parameters this part puts into force.</summary>
    public abstract IReadOnlyList<ParameterDeclaration> Parameters { get; }

    /// <summary>Before the first process exists: what its plan refers to. The container's files are mounted. What it changes it pushes on <paramref name="undo"/>.</summary>
    public virtual void Prepare(ContainerContext container, UndoStack undo)
    {
    }

    /// <summary>
    /// The first process exists in its namespaces and has done nothing. It waits for this only where there is something to count it by: see
    /// <see cref="Isolation.InitSettings.IsCounted"/>.
    /// </summary>
    public virtual void Begin(ContainerContext container, Insula.Linux.Processes.PidFd init, UndoStack undo)
    {
    }

    /// <summary>
    /// The first process exists in its namespaces; it makes its own mounts meanwhile and then waits at the gate for what is done here. Most of
    /// a start belongs here rather than to <see cref="Prepare"/>, so that both work at the same time.
    /// </summary>
    public virtual void Apply(ContainerContext container, Insula.Linux.Processes.PidFd init, UndoStack undo)
    {
    }

    /// <summary>
    /// Puts changed parameters into force in a running container; <paramref name="container"/> already has the new values. If it fails,
    /// <paramref name="undo"/> leads back.
    /// </summary>
    /// <param name="container">The container with its new configuration.</param>
    /// <param name="before">The same container with the configuration it had.</param>
    /// <param name="init">Its init.</param>
    /// <param name="changes">What was asked for.</param>
    /// <param name="undo">Gets the way back.</param>
    public abstract void Update(
        ContainerContext container, ContainerContext before, Insula.Linux.Processes.PidFd init, ParameterChanges changes, UndoStack undo);

    /// <summary>As <see cref="Update"/> for a container that does not run: for what is in force without processes. By default nothing.</summary>
    public virtual void UpdateStopped(ContainerContext container, ContainerContext before, ParameterChanges changes, UndoStack undo)
    {
    }

    /// <summary>After the container has ended, however it ended; also after a start that was killed half-way. May be repeated.</summary>
    public virtual void Release(ContainerContext container)
    {
    }

    /// <summary>True if one of <paramref name="parameters"/> is among the changes.</summary>
    protected static bool Changed(ParameterChanges changes, params ReadOnlySpan<ParameterDeclaration> parameters)
    {
        foreach (var parameter in parameters)
        {
            if (changes[parameter] != null)
                return true;
        }
        return false;
    }
}
