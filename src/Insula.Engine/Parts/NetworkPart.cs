using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Network;
using Insula.Engine.Network.Guard;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Launch;
using Insula.Linux.Netlink;
using Insula.Linux.Processes;

namespace Insula.Engine.Parts;

/// <summary>The routed network device and its addresses.</summary>
public sealed class NetworkPart : ContainerPart
{
    /// <inheritdoc/>
    public override IReadOnlyList<ParameterDeclaration> Parameters { get; } = [NetworkParameters.Addresses];

    /// <summary>The container's configured addresses.</summary>
    public static IReadOnlyList<IpPrefix> AddressesOf(ContainerContext container)
        => container.Config.TryGet(NetworkParameters.Addresses, out var texts) ? [.. texts.Select(IpPrefix.Parse)] : [];

    /// <summary>What is guarded of a running container, as far as its links are there.</summary>
    internal static IEnumerable<GuardedLink> GuardedLinks(ContainerContext container, RouteSocket host)
        => [VenetLink.Guarded(container.Ctid, [.. AddressesOf(container).Select(prefix => prefix.Address)], [])];

    /// <inheritdoc/>
    public override void Apply(ContainerContext container, PidFd init, UndoStack undo)
    {
        // A container without an address gets its link with the first one; its loopback device is up all the same.
        var addresses = AddressesOf(container);
        if (addresses.Count == 0)
            return;
        container.Engine.Reporter.Info($"Adding IP address(es): {string.Join(' ', addresses.Select(prefix => prefix.Address))}");
        new GuardRestoration(container.Engine).RunIfMissing();
        using var host = RouteSocket.Open();
        using var inside = new RouteSocket(NamespaceEntry.OpenNetlinkSocket(init));
        Open(host, container.Engine.Global).Connect(container.Ctid, LinkNamespace.OfProcess(init.Pid), inside, addresses, undo);
    }

    /// <inheritdoc/>
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
    {
        var old = AddressesOf(before);
        var wanted = AddressesOf(container);
        using var host = RouteSocket.Open();
        var venet = Open(host, container.Engine.Global);
        venet.RequireFree(container.Ctid, wanted);
        if (wanted.Count > 0 && !venet.Exists(container.Ctid))
        {
            Apply(container, init, undo);
            return;
        }
        using var inside = new RouteSocket(NamespaceEntry.OpenNetlinkSocket(init));
        Remove(container, venet, inside, [.. old.Except(wanted)], undo);
        Add(container, venet, inside, [.. wanted.Except(old)], undo);
    }

    /// <inheritdoc/>
    public override void Release(ContainerContext container)
    {
        using var host = RouteSocket.Open();
        Open(host, container.Engine.Global).Remove(container.Ctid);
    }

    private static void Remove(ContainerContext container, Venet venet, RouteSocket inside, IReadOnlyList<IpPrefix> gone, UndoStack undo)
    {
        if (gone.Count == 0)
            return;
        container.Engine.Reporter.Info($"Deleting IP address(es): {string.Join(' ', gone.Select(prefix => prefix.Address))}");
        foreach (var prefix in gone)
        {
            undo.Push($"add {prefix} again", () => AddAgain(container, prefix));
            venet.RemoveAddress(container.Ctid, inside, prefix.Address);
        }
    }

    private static void Add(ContainerContext container, Venet venet, RouteSocket inside, IReadOnlyList<IpPrefix> added, UndoStack undo)
    {
        if (added.Count == 0)
            return;
        container.Engine.Reporter.Info($"Adding IP address(es): {string.Join(' ', added.Select(prefix => prefix.Address))}");
        // The undo steps outlive these sockets, so they are undone here and as a whole later.
        using var steps = container.Engine.NewUndo();
        foreach (var prefix in added)
            venet.AddAddress(container.Ctid, inside, prefix, steps);
        steps.Commit();
        undo.Push("remove the new addresses", () => RemoveAgain(container, added));
    }

    private static void AddAgain(ContainerContext container, IpPrefix prefix)
    {
        using var init = container.OpenInit();
        using var host = RouteSocket.Open();
        using var inside = new RouteSocket(NamespaceEntry.OpenNetlinkSocket(init));
        using var steps = container.Engine.NewUndo();
        Open(host, container.Engine.Global).AddAddress(container.Ctid, inside, prefix, steps);
        steps.Commit();
    }

    private static void RemoveAgain(ContainerContext container, IReadOnlyList<IpPrefix> added)
    {
        using var init = container.OpenInit();
        using var host = RouteSocket.Open();
        using var inside = new RouteSocket(NamespaceEntry.OpenNetlinkSocket(init));
        var venet = Open(host, container.Engine.Global);
        foreach (var prefix in added)
            venet.RemoveAddress(container.Ctid, inside, prefix.Address);
    }

    private static Venet Open(RouteSocket host, GlobalConfig global) => new(host, new VenetOptions
    {
        Neighbours = NeighbourDevices.Parse(global.NeighbourDevices),
        ForceRoute = global.ForceRoute,
        RouteSourceDevice = global.RouteSourceDevice is { } device ? InterfaceName.Parse(device) : null,
    });
}
