using Insula.Engine.Containers;
using Insula.Engine.Network.Devices;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Netlink;
using Insula.Linux.Processes;

namespace Insula.Engine.Parts;

/// <summary>Network devices of the host that the container has while it runs (NETDEV).</summary>
public sealed class NetworkDevicesPart : ContainerPart
{
    /// <inheritdoc/>
    public override IReadOnlyList<ParameterDeclaration> Parameters { get; } = [NetworkParameters.Devices];

    /// <inheritdoc/>
    public override void Apply(ContainerContext container, PidFd init, UndoStack undo) => Give(container, NamesOf(container), init, undo);

    /// <inheritdoc/>
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
    {
        IReadOnlyList<string> old = NamesOf(before), wanted = NamesOf(container), given;
        using (var host = RouteSocket.Open())
        {
            var devices = new HostDevices(host, container.Engine, container.Ctid);
            given = devices.Given;
            // Those, too, that a command has left there which was killed.
            foreach (var gone in old.Concat(given).Except(wanted))
            {
                undo.Push($"hand {gone} over again", () => GiveAgain(container, gone));
                devices.Take(gone);
            }
        }
        Give(container, [.. wanted.Except(old).Except(given)], init, undo);
    }

    /// <inheritdoc/>
    public override void Release(ContainerContext container)
    {
        if (!new HeldNetwork(container.Engine.Runtime, container.Ctid).HasTraces)
            return;
        using var host = RouteSocket.Open();
        new HostDevices(host, container.Engine, container.Ctid).TakeAll();
    }

    private static void Give(ContainerContext container, IReadOnlyList<string> names, PidFd init, UndoStack undo)
    {
        if (names.Count == 0)
            return;
        container.Engine.Reporter.Info($"Adding network device(s): {string.Join(' ', names)}");
        using var host = RouteSocket.Open();
        var devices = new HostDevices(host, container.Engine, container.Ctid);
        // All are looked at before any is moved.
        foreach (var name in names)
            devices.RequireFree(name);
        foreach (var name in names)
            devices.Give(name, init, undo);
    }

    private static void GiveAgain(ContainerContext container, string name)
    {
        using var init = container.OpenInit();
        using var steps = container.Engine.NewUndo();
        Give(container, [name], init, steps);
        steps.Commit();
    }

    private static IReadOnlyList<string> NamesOf(ContainerContext container) => container.Config.TryGet(NetworkParameters.Devices, out var names) ? names : [];
}
