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
    public override IReadOnlyList<ParameterDeclaration> Parameters { get; } = [NetworkParameters.Addresses, NetworkParameters.SharedAddresses];

    /// <summary>The container's configured addresses.</summary>
    public static IReadOnlyList<IpPrefix> AddressesOf(ContainerContext container) => Prefixes(container, NetworkParameters.Addresses);

    /// <summary>Addresses that it may send from beside others.</summary>
    public static IReadOnlyList<IpAddress> SharedAddressesOf(ContainerContext container)
        => [.. Prefixes(container, NetworkParameters.SharedAddresses).Select(prefix => prefix.Address)];

    /// <summary>What is guarded of a running container, if its link is there.</summary>
    internal static IEnumerable<GuardedLink> GuardedLinks(ContainerContext container)
        => [VenetLink.Guarded(container.Ctid, [.. AddressesOf(container).Select(prefix => prefix.Address)], SharedAddressesOf(container))];

    /// <inheritdoc/>
    public override void Apply(ContainerContext container, PidFd init, UndoStack undo)
    {
        // A container without an address gets its link with the first one; its loopback device is up all the same.
        var addresses = AddressesOf(container);
        var shared = SharedAddressesOf(container);
        if (addresses.Count + shared.Count == 0)
            return;
        if (addresses.Count > 0)
            container.Engine.Reporter.Info($"Adding IP address(es): {string.Join(' ', addresses.Select(prefix => prefix.Address))}");
        var guard = new GuardRestoration(container.Engine);
        var isGuarded = guard.RunIfMissing();
        using var host = RouteSocket.Open();
        using var inside = new RouteSocket(NamespaceEntry.OpenNetlinkSocket(init));
        Open(host, container).Connect(container.Ctid, LinkNamespace.OfProcess(init.Pid), inside, addresses, undo, shared);
        if (!isGuarded)
            guard.WarnIfMissing(container.Ctid);
        container.Engine.Traffic.Attach(container.Ctid, host, VenetName.OnHost(container.Ctid).Value);
        undo.Push("forget the addresses", () => new AddressFiles(container.Engine).Remove(container.Ctid));
        new AddressFiles(container.Engine).Write(container.Ctid, addresses);
    }

    /// <inheritdoc/>
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
    {
        var old = AddressesOf(before);
        var wanted = AddressesOf(container);
        using var host = RouteSocket.Open();
        var venet = Open(host, container);
        if (wanted.Count + SharedAddressesOf(container).Count > 0 && !venet.Exists(container.Ctid))
        {
            Apply(container, init, undo);
            return;
        }
        venet.RequireFree(container.Ctid, wanted);
        using var inside = new RouteSocket(NamespaceEntry.OpenNetlinkSocket(init));
        Remove(container, venet, inside, [.. old.Except(wanted)], undo);
        Add(container, venet, inside, [.. wanted.Except(old)], undo);
        UpdateShared(container, before, venet, undo);
        undo.Push("note the old addresses", () => new AddressFiles(container.Engine).Write(container.Ctid, old));
        new AddressFiles(container.Engine).Write(container.Ctid, wanted);
    }

    /// <inheritdoc/>
    public override void Release(ContainerContext container)
    {
        using var host = RouteSocket.Open();
        Open(host, container).Remove(container.Ctid);
        new AddressFiles(container.Engine).Remove(container.Ctid);
    }

    /// <summary>Answers for the addresses of all containers on a link that has come up, and announces them there: what went with it when it went down.</summary>
    /// <returns>How many were announced; 0 where the host does not answer for them.</returns>
    /// <exception cref="InsulaException">3: there is no such link.</exception>
    public static int Announce(EngineContext engine, string link)
    {
        using var host = RouteSocket.Open();
        var up = host.FindLink(InterfaceName.Parse(link).Value) ?? throw new InsulaException(ExitCode.SystemError, $"Unknown network interface {link}");
        return Open(host, engine).AnnounceAll(up);
    }

    private static void UpdateShared(ContainerContext container, ContainerContext before, Venet venet, UndoStack undo)
    {
        var old = SharedAddressesOf(before);
        var wanted = SharedAddressesOf(container);
        foreach (var address in old.Except(wanted))
        {
            undo.Push($"allow {address} again", () => WithVenet(container, (other, steps) => other.AddShared(container.Ctid, address, steps)));
            venet.RemoveShared(container.Ctid, address, isLast: wanted.Count == 0);
        }
        using var added = container.Engine.NewUndo();
        foreach (var address in wanted.Except(old))
        {
            undo.Push($"forbid {address} again", () => WithVenet(container, (other, _) => other.RemoveShared(container.Ctid, address, old.Count == 0)));
            venet.AddShared(container.Ctid, address, added);
        }
        added.Commit();
    }

    private static void Remove(ContainerContext container, Venet venet, RouteSocket inside, IReadOnlyList<IpPrefix> gone, UndoStack undo)
    {
        if (gone.Count == 0)
            return;
        container.Engine.Reporter.Info($"Deleting IP address(es): {string.Join(' ', gone.Select(prefix => prefix.Address))}");
        undo.Push("add the old addresses again", () => WithInside(container, (other, socket, steps) => other.AddAddresses(container.Ctid, socket, gone, steps)));
        venet.RemoveAddresses(container.Ctid, inside, [.. gone.Select(prefix => prefix.Address)]);
    }

    private static void Add(ContainerContext container, Venet venet, RouteSocket inside, IReadOnlyList<IpPrefix> added, UndoStack undo)
    {
        if (added.Count == 0)
            return;
        container.Engine.Reporter.Info($"Adding IP address(es): {string.Join(' ', added.Select(prefix => prefix.Address))}");
        // The undo steps outlive these sockets, so they are undone here and as a whole later.
        using var steps = container.Engine.NewUndo();
        venet.AddAddresses(container.Ctid, inside, added, steps);
        steps.Commit();
        undo.Push("remove the new addresses", () => WithInside(
            container, (other, socket, _) => other.RemoveAddresses(container.Ctid, socket, [.. added.Select(prefix => prefix.Address)])));
    }

    private static void WithInside(ContainerContext container, Action<Venet, RouteSocket, UndoStack> use)
    {
        using var init = container.OpenInit();
        using var inside = new RouteSocket(NamespaceEntry.OpenNetlinkSocket(init));
        WithVenet(container, (venet, steps) => use(venet, inside, steps));
    }

    private static void WithVenet(ContainerContext container, Action<Venet, UndoStack> use)
    {
        using var host = RouteSocket.Open();
        using var steps = container.Engine.NewUndo();
        use(Open(host, container), steps);
        steps.Commit();
    }

    private static IReadOnlyList<IpPrefix> Prefixes(ContainerContext container, ParameterDeclaration<IReadOnlyList<string>> parameter)
        => container.Config.TryGet(parameter, out var texts) ? [.. texts.Select(IpPrefix.Parse)] : [];

    private static Venet Open(RouteSocket host, ContainerContext container) => Open(host, container.Engine);

    private static Venet Open(RouteSocket host, EngineContext engine)
    {
        GlobalConfig global = engine.Global;
        return new(host, new VenetOptions
        {
            Neighbours = NeighbourDevices.Parse(global.NeighbourDevices),
            ForceRoute = global.ForceRoute,
            RouteSourceDevice = global.RouteSourceDevice is { } device ? InterfaceName.Parse(device) : null,
            SkipDetection = global.SkipArpDetect || engine.SkipAddressDetection,
            DuplicateIsError = global.ErrorOnArpFail,
            Device = global.VenetDevice,
            Warn = engine.Reporter.Warning,
        });
    }
}
