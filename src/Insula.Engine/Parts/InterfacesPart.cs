using Insula.Engine.ActionScripts;
using Insula.Engine.Containers;
using Insula.Engine.Network;
using Insula.Engine.Network.Bridges;
using Insula.Engine.Network.Guard;
using Insula.Engine.Network.Interfaces;
using Insula.Engine.Operations;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Launch;
using Insula.Linux.Netlink;
using Insula.Linux.Processes;

namespace Insula.Engine.Parts;

/// <summary>The container's interfaces with hardware addresses (NETIF): veth pairs, mostly attached to a bridge.</summary>
public sealed class InterfacesPart : ContainerPart
{
    /// <inheritdoc/>
    public override IReadOnlyList<ParameterDeclaration> Parameters { get; } = [NetworkParameters.Interfaces];

    /// <summary>The configured interfaces, complete: a foreign program may have written less than --netif_add does.</summary>
    public static IReadOnlyList<NetworkInterface> Of(ContainerContext container)
    {
        if (!container.Config.TryGet(NetworkParameters.Interfaces, out var configured))
            return [];
        var all = new List<NetworkInterface>();
        var seed = InterfaceOptions.HostSeed();
        foreach (var each in configured)
            all.Add(InterfaceDefaults.Fill(container.Ctid, each, [.. configured.Where(other => other != each && other.HostName is not null), .. all], seed));
        return all;
    }

    /// <summary>What is guarded of a running container, as far as its links are there.</summary>
    internal static IEnumerable<GuardedLink> GuardedLinks(ContainerContext container, RouteSocket host)
    {
        var links = Open(container, host);
        return Of(container).Select(each => links.Guarded(container.Ctid, each)).OfType<GuardedLink>();
    }

    /// <inheritdoc/>
    public override void Apply(ContainerContext container, PidFd init, UndoStack undo)
    {
        var interfaces = Of(container);
        if (interfaces.Count == 0)
            return;
        container.Engine.Reporter.Info($"Configure veth devices: {string.Join(' ', interfaces.Select(each => each.HostName ?? each.Name))}");
        new GuardRestoration(container.Engine).RunIfMissing();
        using var host = RouteSocket.Open();
        foreach (var each in interfaces)
            Create(container, host, each, init.Pid, undo);
    }

    /// <inheritdoc/>
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
    {
        var old = Of(before);
        var wanted = Of(container);
        using var host = RouteSocket.Open();
        foreach (var gone in old.Where(each => !wanted.Any(kept => kept.Name == each.Name)))
            Remove(container, host, gone, undo);
        foreach (var each in wanted)
        {
            var was = old.FirstOrDefault(known => known.Name == each.Name);
            if (was is not null && was.SameAs(each))
                continue;
            if (was is not null && HasSameLink(was, each))
            {
                Change(container, host, was, each, init, undo);
                continue;
            }
            if (was is not null)
                Remove(container, host, was, undo);
            Create(container, host, each, init.Pid, undo);
            ConfigureInside(init, inside => InterfaceInside.Configure(inside, each));
        }
    }

    /// <inheritdoc/>
    public override void Release(ContainerContext container)
    {
        var applied = new ContainerContext(container.Engine, AppliedConfig.Load(container.Engine, container.Config));
        using (var host = RouteSocket.Open())
        {
            var links = Open(container, host);
            foreach (var each in Of(applied).Concat(Of(container)).DistinctBy(each => each.HostName))
                links.Remove(container.Ctid, each);
        }
        using var guard = NetworkGuard.TryOpenExisting();
        guard?.Remove(container.Ctid);
    }

    private static bool HasSameLink(NetworkInterface one, NetworkInterface other)
        => one.Mac == other.Mac && one.HostName == other.HostName && one.HostMac == other.HostMac
            && one.IsMacvlan == other.IsMacvlan && one.Uplink == other.Uplink && one.Mode == other.Mode;

    private static void Create(ContainerContext container, RouteSocket host, NetworkInterface wanted, int init, UndoStack undo)
    {
        if (wanted.IsMacvlan)
        {
            new MacvlanLinks(host).Create(container.Ctid, wanted, LinkNamespace.OfProcess(init));
            // A start that failed has taken it away with the container.
            undo.Push($"remove interface {wanted.Name}", () => RemoveInside(container, wanted));
            return;
        }
        var links = Open(container, host);
        links.Create(container.Ctid, wanted, LinkNamespace.OfProcess(init), undo);
        if (links.Guarded(container.Ctid, wanted) is { IsFiltered: true })
            new GuardRestoration(container.Engine).WarnIfMissing(container.Ctid);
        container.Engine.Traffic.Attach(container.Ctid, host, wanted.HostName!);
        ExternalScript.Run(container, wanted);
    }

    private static void Remove(ContainerContext container, RouteSocket host, NetworkInterface gone, UndoStack undo)
    {
        undo.Push($"add interface {gone.Name} again", () =>
        {
            using var init = container.OpenInit();
            using var socket = RouteSocket.Open();
            using var steps = container.Engine.NewUndo();
            Create(container, socket, gone, init.Pid, steps);
            ConfigureInside(init, inside => InterfaceInside.Configure(inside, gone));
            steps.Commit();
        });
        if (gone.IsMacvlan)
            RemoveInside(container, gone);
        else
            Open(container, host).Remove(container.Ctid, gone);
    }

    private static void RemoveInside(ContainerContext container, NetworkInterface gone)
    {
        using var init = container.Engine.Runtime.TryOpenInit(container.Ctid);
        if (init is not null)
            ConfigureInside(init, inside => MacvlanLinks.Remove(inside, gone));
    }

    private static void Change(ContainerContext container, RouteSocket host, NetworkInterface was, NetworkInterface wanted, PidFd init, UndoStack undo)
    {
        if (wanted.IsMacvlan)
            InterfaceLinks.RequireAddresses(wanted, wanted.Addresses.Where(prefix => !was.Addresses.Any(known => known.Address == prefix.Address)), null);
        else
            Open(container, host).Change(container.Ctid, was, wanted, undo);
        if (wanted.HostName is { } name)
            container.Engine.Traffic.SetDevice(host, name);
        undo.Push($"configure {was.Name} inside as before", () =>
        {
            using var running = container.OpenInit();
            ConfigureInside(running, inside => InterfaceInside.Change(inside, wanted, was));
        });
        ConfigureInside(init, inside => InterfaceInside.Change(inside, was, wanted));
    }

    private static void ConfigureInside(PidFd init, Action<RouteSocket> configure)
    {
        using var inside = new RouteSocket(NamespaceEntry.OpenNetlinkSocket(init));
        configure(inside);
    }

    private static InterfaceLinks Open(ContainerContext container, RouteSocket host)
        => new(host, new HostBridges(host, container.Engine.Global.Bridges));
}
