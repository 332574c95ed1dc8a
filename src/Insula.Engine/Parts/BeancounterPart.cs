using Insula.Engine.Beancounters;
using Insula.Engine.Beancounters.Bounds;
using Insula.Engine.Beancounters.Bpf;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Processes;

namespace Insula.Engine.Parts;

/// <summary>The container's account: its peaks begin anew with each start, and the kernel is told the bounds.</summary>
public sealed class BeancounterPart : ContainerPart
{
    private static readonly IBound[] Bounds =
    [
        new ProcessBounds(), new TerminalBound(), new SharedMemoryBound(), SocketBufferBound.Sending, SocketBufferBound.Receiving, new OomPreference(),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<ParameterDeclaration> Parameters { get; } = [.. BeancounterParameters.Resources, BeancounterParameters.VmOvercommit];

    /// <inheritdoc/>
    public override void Prepare(ContainerContext container, UndoStack undo)
    {
        var directory = container.Engine.Runtime.DirectoryOf(container.Ctid);
        Directory.CreateDirectory(directory);
        var peaks = Path.Combine(directory, KeptPeaks.FileName);
        undo.Push("forget the peaks", () => File.Delete(peaks));
        KeptPeaks.Reset(peaks);
    }

    /// <inheritdoc/>
    public override void Begin(ContainerContext container, PidFd init, UndoStack undo)
    {
        undo.Push("forget the counts", () => Release(container));
        container.Engine.Bpf.Attach(container.Ctid, init.Pid, CountedBounds(container));
    }

    /// <inheritdoc/>
    public override void Apply(ContainerContext container, PidFd init, UndoStack undo)
    {
        container.Engine.Bpf.AttachGroup(container.Ctid, container.Group);
        foreach (var bound in Bounds)
            bound.Apply(container, init);
    }

    /// <inheritdoc/>
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
    {
        var counted = CountedBounds(container);
        if (counted.Any(bound => bound.Value != BeancounterBounds.Of(before.Config, bound.Key)))
        {
            undo.Push("set the counted bounds back", () => container.Engine.Bpf.SetLimits(container.Ctid, CountedBounds(before)));
            container.Engine.Bpf.SetLimits(container.Ctid, counted);
        }
        foreach (var bound in Bounds)
        {
            if (!bound.Resources.Any(resource => HasChanged(container, before, resource)))
                continue;
            undo.Push($"set {string.Join(", ", bound.Resources.Select(resource => resource.Name))} back", () => bound.Change(before, init));
            bound.Change(container, init);
        }
        BoundNotes.Tell(container, changes);
    }

    /// <inheritdoc/>
    public override void Release(ContainerContext container) => container.Engine.Bpf.Release(container.Ctid);

    private static bool HasChanged(ContainerContext container, ContainerContext before, BeancounterResource resource)
        => BeancounterBounds.Of(container.Config, resource) != BeancounterBounds.Of(before.Config, resource);

    private static Dictionary<BeancounterResource, BarrierLimit> CountedBounds(ContainerContext container)
    {
        var bounds = new Dictionary<BeancounterResource, BarrierLimit>();
        foreach (var resource in IBpfAccounting.Resources)
        {
            if (container.Engine.Bpf.MechanismOf(resource).Exact)
                bounds[resource] = BeancounterBounds.Of(container.Config, resource);
        }
        return bounds;
    }
}
