using System.Buffers;
using System.Globalization;
using System.Text;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Interfaces;

/// <summary>
/// Interfaces as text: <c>ifname=eth0,bridge=br0,mac=00:18:51:9a:1c:2d,host_ifname=veth101.0,host_mac=fe:18:51:11:22:33</c>, several divided by
/// semicolons; <c>ip=</c> may be repeated.
/// </summary>
public static class InterfaceText
{
    private const int LargestVlan = 4094;

    private const string VethType = "veth", MacvlanType = "macvlan";

    private static readonly Dictionary<string, MacvlanMode> s_modes = new()
    {
        ["bridge"] = MacvlanMode.Bridge,
        ["private"] = MacvlanMode.Private,
        ["vepa"] = MacvlanMode.Vepa,
    };

    // What means something to the file or to a shell that reads it.
    private static readonly SearchValues<char> s_special = SearchValues.Create(",;=\"'$`\\");

    /// <summary>Reads one interface of the configuration file.</summary>
    /// <returns>Null, or why it is not accepted.</returns>
    public static string? TryParse(string text, out NetworkInterface result)
    {
        result = new NetworkInterface("");
        foreach (var field in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                return $"\"{field}\" is not KEY=VALUE";
            if (TrySet(result, field[..equals], field[(equals + 1)..], out result) is { } why)
                return why;
        }
        return result.Name.Length == 0 ? "ifname is missing" : null;
    }

    /// <summary>
    /// Reads --netif_add: <c>ifname[,mac,host_ifname,host_mac,bridge][,KEY=VALUE]</c>; later positions may be empty, and what has a key takes none.
    /// </summary>
    /// <returns>Null, or why it is not accepted.</returns>
    public static string? TryParsePositions(string text, out NetworkInterface result)
    {
        result = new NetworkInterface("");
        var all = text.Split(',').ToLookup(field => field.Contains('=', StringComparison.Ordinal));
        string[] keys = ["ifname", "mac", "host_ifname", "host_mac", "bridge"], fields = [.. all[false]];
        if (fields.Length > keys.Length)
            return $"more than {keys.Length} parts";
        var given = fields.Select((value, i) => (Key: keys[i], Value: value)).Where(field => field.Value.Length > 0 || field.Key == "ifname");
        foreach (var (key, value) in given.Concat(all[true].Select(Divide)))
        {
            if (TrySet(result, key, value, out result) is { } why)
                return why;
            if (result.Others.Count > 0)
                return $"there is no key {key}";
        }
        return result.Name.Length == 0 ? "the name is missing" : null;
    }

    private static (string Key, string Value) Divide(string field)
    {
        var equals = field.IndexOf('=', StringComparison.Ordinal);
        return (field[..equals], field[(equals + 1)..]);
    }

    /// <summary>Sets one property by its key.</summary>
    /// <returns>Null, or why the value is not accepted.</returns>
    public static string? TrySet(NetworkInterface old, string key, string value, out NetworkInterface result)
    {
        result = old;
        switch (key)
        {
            case "ifname":
                result = old with { Name = value };
                return NameProblem(value, "lo");
            case "host_ifname":
                result = old with { HostName = value };
                return NameProblem(value, "lo") ?? (VenetName.TryParseOnHost(value, out _) ? "host_ifname is a name of venet links" : null);
            case "type":
                result = old with { Type = value == MacvlanType ? InterfaceType.Macvlan : InterfaceType.Veth };
                return value is VethType or MacvlanType ? null : $"type is {VethType} or {MacvlanType}";
            case "link":
                result = old with { Uplink = value };
                return NameProblem(value, "lo");
            case "mode":
                result = old with { Mode = s_modes.GetValueOrDefault(value) };
                return s_modes.ContainsKey(value) ? null : $"mode is {string.Join(", ", s_modes.Keys)}";
            case "bridge":
                result = old with { Bridge = value };
                return value.Length == 0 ? null : NameProblem(value, "lo");
            case "mac":
                return TryMac(key, value, mac => old with { Mac = mac }, ref result);
            case "host_mac":
                return TryMac(key, value, mac => old with { HostMac = mac }, ref result);
            case "mac_filter":
                return TrySwitch(key, value, on => old with { MacFilter = on }, ref result);
            case "ip_filter":
                return TrySwitch(key, value, on => old with { IpFilter = on }, ref result);
            case "dhcp":
                return TrySwitch(key, value, on => old with { Dhcp4 = on }, ref result);
            case "dhcp6":
                return TrySwitch(key, value, on => old with { Dhcp6 = on }, ref result);
            case "vlan":
                if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var vlan) || vlan > LargestVlan)
                    return $"vlan is not a number up to {LargestVlan}";
                result = old with { Vlan = vlan };
                return null;
            case "ip":
                if (IpPrefix.Read(value, out var prefix) is { } why)
                    return $"ip {value}: {why}";
                result = old with { Addresses = [.. old.Addresses.Where(known => known.Address != prefix.Address), prefix] };
                return null;
            case "gw":
                return TryGateway(key, value, IpFamily.IPv4, address => old with { Gateway4 = address }, ref result);
            case "gw6":
                return TryGateway(key, value, IpFamily.IPv6, address => old with { Gateway6 = address }, ref result);
            default:
                result = old with { Others = [.. old.Others, $"{key}={value}"] };
                return null;
        }
    }

    /// <summary>One interface as the file has it.</summary>
    public static string Format(NetworkInterface value)
    {
        var text = new StringBuilder($"ifname={value.Name}");
        if (value.IsMacvlan)
            Add(text, "type", MacvlanType);
        Add(text, "link", value.Uplink);
        Add(text, "mode", s_modes.FirstOrDefault(known => known.Value == value.Mode).Key);
        Add(text, "bridge", value.Bridge);
        Add(text, "mac", value.Mac?.ToString());
        Add(text, "host_ifname", value.HostName);
        Add(text, "host_mac", value.HostMac?.ToString());
        Add(text, "mac_filter", Switch(value.MacFilter));
        Add(text, "ip_filter", Switch(value.IpFilter));
        Add(text, "vlan", value.Vlan is > 0 ? value.Vlan.Value.ToString(CultureInfo.InvariantCulture) : null);
        foreach (var prefix in value.Addresses)
            Add(text, "ip", prefix.ToString());
        Add(text, "gw", Gateway(value.Gateway4));
        Add(text, "gw6", Gateway(value.Gateway6));
        Add(text, "dhcp", value.Dhcp4 is true ? "yes" : null);
        Add(text, "dhcp6", value.Dhcp6 is true ? "yes" : null);
        foreach (var other in value.Others)
            text.Append(',').Append(other);
        return text.ToString();
    }

    private static void Add(StringBuilder text, string key, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            text.Append(CultureInfo.InvariantCulture, $",{key}={value}");
    }

    private static string? Switch(bool? on) => on is null ? null : on.Value ? "on" : "off";

    private static string? Gateway(IpAddress? address) => address is { IsUnspecified: false } known ? known.ToString() : null;

    // A name goes into a list that commas and semicolons divide.
    private static string? NameProblem(string name, string reserved)
        => !InterfaceName.TryParse(name, out _) || name.AsSpan().ContainsAny(s_special) || name == reserved
            ? $"\"{name}\" is not the name of an interface: 1 to {LinkName.MaxBytes} characters, no blank, '/', ':' or '%'"
            : null;

    private static string? TryMac(string key, string value, Func<MacAddress, NetworkInterface> set, ref NetworkInterface result)
    {
        if (!MacAddress.TryParse(value, out var mac))
            return $"{key} \"{value}\" is not a hardware address: six pairs of hexadecimal digits with colons";
        if (mac.IsMulticast)
            return $"{key} {value} is a multicast address";
        if (mac.Bits == 0)
            return $"{key} {value} is no address";
        result = set(mac);
        return null;
    }

    private static string? TrySwitch(string key, string value, Func<bool, NetworkInterface> set, ref NetworkInterface result)
    {
        if (value is not ("on" or "off" or "yes" or "no"))
            return $"{key} is on or off";
        result = set(value is "on" or "yes");
        return null;
    }

    private static string? TryGateway(string key, string value, IpFamily family, Func<IpAddress, NetworkInterface> set, ref NetworkInterface result)
    {
        var none = value is "" or "none" or "remove";
        if (!none && (!IpAddress.TryParse(value, out var address) || address.Family != family || address.IsMulticast || address.IsLoopback || address.IsUnspecified))
            return $"{key} \"{value}\" is not the {family} address of a router";
        result = set(none ? new IpAddress(family, 0) : IpAddress.Parse(value));
        return null;
    }
}
