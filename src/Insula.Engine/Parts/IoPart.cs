using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Io;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Cgroups;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Parts;

/// <summary>Disk time: the container's weight and its ceilings on the device that holds its data.</summary>
public sealed class IoPart : ContainerPart
{
    /// <inheritdoc/>
    public override IReadOnlyList<ParameterDeclaration> Parameters { get; } = [DiskParameters.IoPriority, DiskParameters.IoLimit, DiskParameters.IopsLimit];

    /// <inheritdoc/>
    public override void Apply(ContainerContext container, PidFd init, UndoStack undo)
    {
        container.Group.BlockIo?.TrySetWeight(WeightOf(container.Config));
        var limit = LimitOf(container);
        if (limit == IoLimit.None)
            return;
        var disks = DataDisks.Of(container);
        if (disks.WhyNoLimits(container.Group.BlockIo) is { } why)
            container.Engine.Reporter.Warning($"IOLIMIT and IOPSLIMIT are not enforced: {why}");
        else
            SetLimit(container, disks, limit);
    }

    /// <inheritdoc/>
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
    {
        var disks = DataDisks.Of(container);
        if (Changed(changes, DiskParameters.IoPriority))
        {
            undo.Push("set the old disk weight", () => container.Group.BlockIo?.TrySetWeight(WeightOf(before.Config)));
            container.Group.BlockIo?.TrySetWeight(WeightOf(container.Config));
            if (disks.WhyNoWeights(container.Engine.Cgroups.World) is { } why)
                container.Engine.Reporter.Warning($"IOPRIO has no effect: {why}");
            container.Engine.Reporter.Info($"Setting I/O priority: {container.Config.Get(DiskParameters.IoPriority)}");
        }
        if (!Changed(changes, DiskParameters.IoLimit, DiskParameters.IopsLimit))
            return;
        var limit = LimitOf(container);
        if (disks.WhyNoLimits(container.Group.BlockIo) is not { } reason)
        {
            undo.Push("set the old disk limits", () => SetLimit(container, disks, LimitOf(before)));
            SetLimit(container, disks, limit);
        }
        else if (limit != IoLimit.None)
        {
            throw new InsulaException(ExitCode.SetIo, $"Unable to limit the disk throughput of CT {container.Ctid}: {reason}");
        }
    }

    /// <summary>The weight that a configuration asks for.</summary>
    internal static int WeightOf(ContainerConfig config) => IoWeight.Of((int)config.Get(DiskParameters.IoPriority));

    private static IoLimit LimitOf(ContainerContext container)
        => new(container.Config.Get(DiskParameters.IoLimit), container.Config.Get(DiskParameters.IopsLimit));

    private static void SetLimit(ContainerContext container, DataDisks disks, IoLimit limit)
    {
        try
        {
            foreach (var device in disks.Devices)
                container.Group.BlockIo!.SetLimit(device.Number, limit);
        }
        catch (LinuxException error)
        {
            throw new InsulaException(
                ExitCode.SetIo, $"Unable to limit the disk throughput of CT {container.Ctid} on {disks.Names}: {error.Message}", error.Hint, error);
        }
    }
}
