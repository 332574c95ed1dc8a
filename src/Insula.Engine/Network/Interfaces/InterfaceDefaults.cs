using System.Globalization;
using System.Text;
using Insula.Engine.Containers;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Interfaces;

/// <summary>Fills in what --netif_add leaves open, and checks the whole list.</summary>
public static class InterfaceDefaults
{
    private const ulong ContainerPrefix = 0x0018_5100_0000;

    // Beyond every vendor's prefix: a bridge takes the lowest hardware address of its ports, and is not to change its own with each container.
    private const ulong HostPrefix = 0xfe18_5100_0000;

    /// <summary>What a change comes to, complete.</summary>
    /// <param name="ctid">The container.</param>
    /// <param name="old">Its interfaces.</param>
    /// <param name="changes">Those that are added or changed.</param>
    /// <param name="seed">What makes this host's addresses differ from another's: /etc/machine-id.</param>
    /// <exception cref="InsulaException">130: a name is there already, or is not there.</exception>
    public static IReadOnlyList<NetworkInterface> Complete(
        Ctid ctid, IReadOnlyList<NetworkInterface> old, IReadOnlyList<NetworkInterface> changes, string seed)
    {
        var all = old.ToList();
        var completed = new List<NetworkInterface>();
        foreach (var change in changes)
        {
            var place = all.FindIndex(known => known.Name == change.Name);
            if (change.IsEdit && place < 0)
                throw new InsulaException(ExitCode.NetworkDevice, $"CT {ctid} has no interface {change.Name}", "add it: --netif_add");
            if (!change.IsEdit && place >= 0)
                throw new InsulaException(ExitCode.NetworkDevice, $"CT {ctid} has an interface {change.Name} already", "change it: --ifname");
            var complete = change.IsEdit ? change : Fill(ctid, change, all, seed);
            completed.Add(complete);
            if (place < 0)
                all.Add(complete);
            else
                all[place] = all[place].With(complete);
        }
        Check(ctid, all);
        return completed;
    }

    /// <summary>Fills in an interface, also one that a foreign program has written into the file.</summary>
    public static NetworkInterface Fill(Ctid ctid, NetworkInterface given, IReadOnlyList<NetworkInterface> others, string seed)
    {
        if (given.IsMacvlan)
            return given with { HostName = null, HostMac = null, Mac = given.Mac ?? Address(ContainerPrefix, given.Name, ctid, seed) };
        var host = given.HostName ?? HostName(ctid, given.Name, others);
        return given with
        {
            HostName = host,
            Mac = given.Mac ?? Address(ContainerPrefix, given.Name, ctid, seed),
            HostMac = given.HostMac ?? Address(HostPrefix, host, ctid, seed),
        };
    }

    private static void Check(Ctid ctid, List<NetworkInterface> all)
    {
        var names = new HashSet<string>();
        var addresses = new HashSet<IpAddress>();
        foreach (var each in all)
        {
            CheckType(ctid, each);
            if (each.HostName is { } host && !names.Add(host))
                throw new InsulaException(ExitCode.NetworkDevice, $"Two interfaces of CT {ctid} have the name {host} on the host");
            foreach (var prefix in each.Addresses.Where(prefix => !addresses.Add(prefix.Address)))
                throw new InsulaException(ExitCode.AddressInUse, $"IP address {prefix.Address} is on two interfaces of CT {ctid}");
        }
    }

    /// <summary>Looks whether what is said of an interface goes together.</summary>
    /// <exception cref="InsulaException">130: it does not.</exception>
    public static void CheckType(Ctid ctid, NetworkInterface each)
    {
        if (!each.IsMacvlan)
        {
            if (each.Uplink is not null || each.Mode is not null)
                throw new InsulaException(ExitCode.NetworkDevice, $"Interface {each.Name} of CT {ctid} has a link or a mode but is no macvlan", "add type=macvlan");
            return;
        }
        if (each.Uplink is null)
            throw new InsulaException(ExitCode.NetworkDevice, $"Interface {each.Name} of CT {ctid} is a macvlan without a link", "add link=NAME, a link of the host");
        if (!string.IsNullOrEmpty(each.Bridge) || each.Vlan is > 0 || each.HostName is not null || each.HostMac is not null)
            throw new InsulaException(ExitCode.NetworkDevice, $"Interface {each.Name} of CT {ctid} is a macvlan: it has no end on the host, no bridge and no VLAN");
        if (each.FiltersMac || each.FiltersAddresses)
        {
            throw new InsulaException(
                ExitCode.NetworkDevice, $"Interface {each.Name} of CT {ctid} is a macvlan, which the host cannot guard: it has no end there",
                "if the container may speak for anybody on that network, say so: mac_filter=off,ip_filter=off");
        }
    }

    // veth101.0 for eth0; the largest numbers of containers do not leave room for that.
    private static string HostName(Ctid ctid, string name, IReadOnlyList<NetworkInterface> others)
    {
        var digits = name.AsSpan()[(name.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1)..];
        var number = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var own) ? own : 0;
        while (true)
        {
            var host = $"veth{ctid}.{number}";
            if (host.Length > LinkName.MaxBytes)
                host = $"v{ctid}.{number}";
            if (!others.Any(other => other.HostName == host))
                return host;
            number++;
        }
    }

    // 24 bits of a hash (FNV-1a) over "DEVICE:CTID:HOST"; the last byte is taken from bit 15 on, as vzctl does.
    private static MacAddress Address(ulong prefix, string device, Ctid ctid, string seed)
    {
        var hash = 2166136261u;
        foreach (var value in Encoding.UTF8.GetBytes($"{device}:{ctid}:{seed}"))
            hash = (hash ^ value) * 16777619;
        return new MacAddress(prefix | ((ulong)(byte)hash << 16) | ((ulong)(byte)(hash >> 8) << 8) | (byte)(hash >> 15));
    }
}
