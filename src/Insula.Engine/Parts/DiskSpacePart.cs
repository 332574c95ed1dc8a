using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Quotas;
using Insula.Linux.Processes;

namespace Insula.Engine.Parts;

/// <summary>
/// Disk space and inodes. The limits are put into force when the container is mounted; here they change. Last of the parts: an image that has
/// grown cannot be made smaller again while it is mounted.
/// </summary>
public sealed class DiskSpacePart : ContainerPart
{
    /// <inheritdoc/>
    public override IReadOnlyList<ParameterDeclaration> Parameters { get; } = [DiskParameters.DiskSpace, DiskParameters.DiskInodes, DiskParameters.QuotaTime];

    /// <inheritdoc/>
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
        => Change(container, before, changes, undo);

    /// <inheritdoc/>
    // The limits of a container that is not mounted bind nobody; an image has its size all the time.
    public override void UpdateStopped(ContainerContext container, ContainerContext before, ParameterChanges changes, UndoStack undo)
    {
        if (container.IsMounted || DiskQuotas.Of(container).Quota is ImageQuota)
            Change(container, before, changes, undo);
        else
            Tell(container);
    }

    private static void Change(ContainerContext container, ContainerContext before, ParameterChanges changes, UndoStack undo)
    {
        if (ContainerQuota.IsWanted(container) && DiskQuotas.Of(container).Quota is { } quota)
        {
            var limits = DiskLimits.Of(container.Config);
            if (quota is not ImageQuota)
                undo.Push("set the old disk limits", () => ContainerQuota.Change(before, quota, DiskLimits.Of(before.Config)));
            if (quota is not ImageQuota || Changed(changes, DiskParameters.DiskSpace))
                ContainerQuota.Change(container, quota, limits);
            if (quota is ImageQuota && Changed(changes, DiskParameters.DiskInodes))
                container.Engine.Reporter.Warning("DISKINODES of an image is fixed when it is made: the new value is stored only");
            WarnOfUse(container, quota, limits);
        }
        Tell(container);
    }

    // Lowering a limit below what is used is what the kernel takes without a word.
    private static void WarnOfUse(ContainerContext container, IDiskQuota quota, DiskLimits limits)
    {
        var state = quota.Read();
        if (limits.HardKiB != 0 && state.Space.Usage > limits.HardKiB)
            container.Engine.Reporter.Warning($"CT {container.Ctid} uses {state.Space.Usage} KiB, more than its new limit of {limits.HardKiB} KiB: it gets no more before it has freed some");
        if (limits.HardInodes != 0 && quota.Abilities.HasFlag(QuotaAbilities.Inodes) && state.Inodes.Usage > limits.HardInodes)
            container.Engine.Reporter.Warning($"CT {container.Ctid} uses {state.Inodes.Usage} inodes, more than its new limit of {limits.HardInodes}: it gets no more before it has freed some");
    }

    private static void Tell(ContainerContext container)
    {
        foreach (var line in ContainerQuota.WhatIsNotEnforced(container))
            container.Engine.Reporter.Warning(line);
    }
}
