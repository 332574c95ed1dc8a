using Insula.Engine.Beancounters;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Linux.Processes;

namespace Insula.Engine.Parts;

/// <summary>The container's account: what is kept of its peaks begins anew with each start.</summary>
public sealed class BeancounterPart : ContainerPart
{
    /// <inheritdoc/>
    public override IReadOnlyList<ParameterDeclaration> Parameters { get; } = [];

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
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
    {
    }
}
