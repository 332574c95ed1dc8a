using Insula.Engine.Containers;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network.Interfaces;

/// <summary>
/// Interfaces of a container on top of a link of the host, without a bridge and with nothing of them on the host: the kernel takes them away with the container.
/// </summary>
/// <param name="host">A socket of the host's network namespace; stays the caller's.</param>
public sealed class MacvlanLinks(RouteSocket host)
{
    private const string Kind = "macvlan";

    /// <summary>Makes the link in the container, down.</summary>
    /// <exception cref="InsulaException">130: the link below it is not there or cannot be used, or the kernel has no macvlan.</exception>
    public void Create(Ctid ctid, NetworkInterface wanted, LinkNamespace containerNamespace)
    {
        InterfaceDefaults.CheckType(ctid, wanted);
        InterfaceLinks.RequireAddresses(wanted, wanted.Addresses, null);
        var uplink = RequireUplink(wanted);
        try
        {
            host.CreateMacvlan(uplink.Index, new VethEnd(wanted.Name, wanted.Mac), wanted.Mode ?? MacvlanMode.Bridge, containerNamespace);
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.NetworkDevice, $"Cannot make interface {wanted.Name} of CT {ctid} on {uplink.Name}: {Reason(error, wanted)}", error.Hint, error);
        }
    }

    /// <summary>Looks whether the link below it can be used. Changes nothing.</summary>
    public LinkInfo RequireUplink(NetworkInterface wanted)
    {
        var uplink = host.FindLink(wanted.Uplink!)
            ?? throw new InsulaException(ExitCode.NetworkDevice, $"There is no link {wanted.Uplink} for interface {wanted.Name}", "link= names one of the host");
        if (uplink.Flags.HasFlag(LinkFlags.Loopback))
            throw new InsulaException(ExitCode.NetworkDevice, $"{uplink.Name} cannot carry a macvlan");
        if (uplink.MasterIndex != 0)
        {
            var master = host.FindLink(uplink.MasterIndex);
            throw new InsulaException(
                ExitCode.NetworkDevice, $"{uplink.Name} belongs to {master?.Name ?? "another device"} and cannot carry a macvlan",
                master?.Kind == "bridge" ? $"attach the container to the bridge: --netif_add {wanted.Name},,,,{master.Name}" : null);
        }
        return uplink;
    }

    /// <summary>Removes it from a running container, whatever it is called there now.</summary>
    public static void Remove(RouteSocket inside, NetworkInterface gone)
    {
        if (inside.Links().FirstOrDefault(link => link.Kind == Kind && (link.Name == gone.Name || link.Mac == gone.Mac)) is { } link)
            inside.DeleteLink(link.Name);
    }

    private static string Reason(LinuxException error, NetworkInterface wanted) => error.Errno switch
    {
        Errno.EOPNOTSUPP => "this kernel has no macvlan",
        Errno.EEXIST => $"the container has an interface {wanted.Name}",
        Errno.EADDRINUSE => $"the hardware address {wanted.Mac} is in use there",
        _ => error.Message,
    };
}
