using Insula.Engine.Operations;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network.Bridges;

/// <summary>Bridges of the host, made when they are needed.</summary>
/// <param name="host">A socket of the host's network namespace; stays the caller's.</param>
/// <param name="declared">BRIDGES of vz.conf.</param>
public sealed class HostBridges(RouteSocket host, string declared)
{
    private const ulong LocalPrefix = 0x0249_0100_0000;

    /// <summary>All of them.</summary>
    public IReadOnlyList<LinkInfo> List() => [.. host.Links().Where(link => link.Kind == "bridge")];

    /// <summary>The bridge of that name. Changes nothing.</summary>
    /// <returns>Null for no name, and for a bridge that is declared and not yet there.</returns>
    /// <exception cref="InsulaException">130: there is none, or it is something else.</exception>
    public LinkInfo? Require(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return null;
        var link = host.FindLink(name);
        if (link is not null && link.Kind != "bridge")
            throw new InsulaException(ExitCode.NetworkDevice, $"{name} is not a bridge but {(link.Kind is { } kind ? $"a {kind} device" : "a physical device")}");
        return link is not null || Find(name) is not null
            ? link
            : throw new InsulaException(ExitCode.NetworkDevice, $"There is no bridge {name}", $"make it: insula net add-bridge {name}, or name it in BRIDGES of vz.conf");
    }

    /// <summary>The bridge of that name, made if it is declared.</summary>
    /// <returns>Null for no name.</returns>
    public LinkInfo? Ensure(string? name, UndoStack undo)
        => string.IsNullOrEmpty(name) ? null : Require(name) ?? Create(Find(name)!, undo);

    /// <summary>Makes a bridge and brings it up.</summary>
    /// <exception cref="InsulaException">130: the name is taken, the uplink is not to be had, the kernel cannot.</exception>
    public LinkInfo Create(BridgeSettings wanted, UndoStack undo)
    {
        if (host.FindLink(wanted.Name) is not null)
            throw new InsulaException(ExitCode.NetworkDevice, $"The interface name {wanted.Name} is taken on this host");
        var uplink = wanted.Uplink is { } name ? RequireUplink(name) : null;
        try
        {
            host.CreateBridge(wanted.Name, MacOf(wanted.Name), wanted.VlanAware);
            undo.Push($"remove bridge {wanted.Name}", () => VenetRoutes.LaterOnHost(socket => socket.DeleteLink(wanted.Name)));
            var bridge = host.FindLink(wanted.Name)!;
            // A container is no router of the host's.
            if (LinkSysctl.HasIPv6)
                LinkSysctl.SetIPv6(wanted.Name, "accept_ra", 0);
            foreach (var prefix in wanted.Addresses)
                host.AddAddress(bridge.Index, prefix.Address, prefix.Length);
            if (uplink is not null)
            {
                host.SetBridge(uplink.Index, bridge.Index);
                host.ChangeLink(uplink.Index, new LinkChange { Up = true });
            }
            host.ChangeLink(bridge.Index, new LinkChange { Up = true });
            return bridge;
        }
        catch (LinuxException error)
        {
            var hint = error.Errno == Errno.EOPNOTSUPP && wanted.VlanAware ? "this kernel's bridges cannot keep VLANs apart" : error.Hint;
            throw new InsulaException(ExitCode.NetworkDevice, $"Cannot make bridge {wanted.Name}: {error.Message}", hint, error);
        }
    }

    /// <summary>Removes a bridge to which no container is attached.</summary>
    /// <exception cref="InsulaException">130: there is none, or it is in use.</exception>
    public void Remove(string name)
    {
        var bridge = host.FindLink(name);
        if (bridge?.Kind != "bridge")
            throw new InsulaException(ExitCode.NetworkDevice, $"There is no bridge {name}");
        if (host.Links().FirstOrDefault(link => link.MasterIndex == bridge.Index && link.Alias?.StartsWith("insula CT ", StringComparison.Ordinal) == true) is { } port)
            throw new InsulaException(ExitCode.NetworkDevice, $"Bridge {name} is in use by {port.Name} ({port.Alias})");
        host.DeleteLink(name);
    }

    /// <summary>Addresses that no container on the bridge may take: the host's own there, and the routers that the host reaches by it.</summary>
    public IReadOnlyList<IpAddress> ProtectedAddresses(LinkInfo bridge)
    {
        var addresses = host.Addresses(bridge.Index).Select(known => known.Address).ToHashSet();
        foreach (var family in (IpFamily[])[IpFamily.IPv4, IpFamily.IPv6])
        {
            if (family == IpFamily.IPv6 && !LinkSysctl.HasIPv6)
                continue;
            foreach (var route in host.Routes(family, bridge.Index))
            {
                if (route.Gateway is { } gateway)
                    addresses.Add(gateway);
            }
        }
        return [.. addresses];
    }

    private BridgeSettings? Find(string name) => BridgeSettings.ParseList(declared).FirstOrDefault(known => known.Name == name);

    private LinkInfo RequireUplink(string name)
    {
        var link = host.FindLink(name)
            ?? throw new InsulaException(ExitCode.NetworkDevice, $"The uplink {name} does not exist");
        if (link.Flags.HasFlag(LinkFlags.Loopback) || link.Kind == "bridge")
            throw new InsulaException(ExitCode.NetworkDevice, $"{name} cannot be the uplink of a bridge");
        if (link.MasterIndex != 0)
            throw new InsulaException(ExitCode.NetworkDevice, $"The uplink {name} belongs to another device already");
        if (host.Addresses(link.Index).Any(known => !known.Address.IsLinkLocal))
            throw new InsulaException(ExitCode.NetworkDevice, $"The uplink {name} has addresses, by which the host would not be reached any more", "give them to the bridge instead");
        return link;
    }

    // Its own, whatever is attached to it: else it changes with the first container, and neighbours lose the host.
    private static MacAddress MacOf(string name)
    {
        var hash = 2166136261u;
        foreach (var letter in $"{name}:{InterfaceOptions.HostSeed()}")
            hash = (hash ^ letter) * 16777619;
        return new MacAddress(LocalPrefix | (hash & 0xff_ffff));
    }
}
