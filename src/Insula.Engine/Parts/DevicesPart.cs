using Insula.Engine.Containers;
using Insula.Engine.Devices;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Processes;

namespace Insula.Engine.Parts;

/// <summary>The devices of the host that the container has (DEVNODES, DEVICES), beside those that every container has.</summary>
public sealed class DevicesPart : ContainerPart
{
    /// <inheritdoc/>
    public override IReadOnlyList<ParameterDeclaration> Parameters { get; } = [DeviceParameters.DeviceNodes, DeviceParameters.Devices];

    /// <inheritdoc/>
    public override void Prepare(ContainerContext container, UndoStack undo)
    {
        var nodes = HostDevice.ConfiguredNodes(container.Config);
        if (nodes.Count == 0)
            return;
        var directory = new DeviceDirectory(container);
        undo.Push("unmount the device nodes", () => DeviceDirectory.Remove(container));
        directory.Create(nodes);
    }

    /// <inheritdoc/>
    public override void Apply(ContainerContext container, PidFd init, UndoStack undo) => SetRules(container);

    /// <inheritdoc/>
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
    {
        undo.Push("set the old device rules", () => SetRules(before));
        SetRules(container);
        var old = HostDevice.ConfiguredNodes(before.Config);
        var wanted = HostDevice.ConfiguredNodes(container.Config);
        var directory = new DeviceDirectory(container);
        foreach (var gone in old.Except(wanted))
            DeviceDirectory.Hide(init, gone.Name);
        List<HostDevice> added = [.. wanted.Except(old)];
        if (added.Count == 0)
            return;
        directory.Create(added);
        foreach (var device in added)
        {
            undo.Push($"remove /dev/{device.Name}", () => DeviceDirectory.Hide(init, device.Name));
            directory.Show(init, device.Name);
        }
    }

    private static void SetRules(ContainerContext container) => container.Group.Devices?.SetRules(HostDevice.Rules(container.Config));
}
