using Insula.Engine.Containers;
using Insula.Engine.Network.Interfaces;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Operations;

/// <summary>Makes one change of an interface out of <c>--ifname eth0 --bridge br0 --ipadd 10.0.0.5</c>, wherever the options stand.</summary>
internal static class InterfaceOptions
{
    private const string Name = "ifname";
    private const string MachineId = "/etc/machine-id";

    // Option and key in the joined text.
    private static readonly Dictionary<string, string> s_keys = new()
    {
        ["mac"] = "mac",
        ["host_ifname"] = "host_ifname",
        ["host_mac"] = "host_mac",
        ["bridge"] = "bridge",
        ["mac_filter"] = "mac_filter",
        ["ip_filter"] = "ip_filter",
        ["vlan"] = "vlan",
        ["gw"] = "gw",
        ["gw6"] = "gw6",
        ["dhcp"] = "dhcp",
        ["dhcp6"] = "dhcp6",
    };

    // These are about venet unless --ifname is given.
    private static readonly Dictionary<string, string> s_sharedKeys = new() { ["ipadd"] = "ip", ["ip"] = "ip", ["ipdel"] = "ipdel" };

    /// <summary>Returns the options with those of an interface joined into one, <c>--ifname ifname=eth0,bridge=br0</c>.</summary>
    /// <exception cref="InsulaException">20: one of them without --ifname, or --ifname twice or alone.</exception>
    public static IEnumerable<OptionValue> Join(IReadOnlyList<OptionValue> options)
    {
        List<OptionValue> names = [.. options.Where(option => option.Name == Name)];
        if (names.Count > 1)
            throw new InsulaException(ExitCode.BadSyntax, "--ifname is given twice", "change one interface at a time");
        if (names.Count == 0)
        {
            foreach (var option in options.Where(option => s_keys.ContainsKey(option.Name)))
                throw new InsulaException(ExitCode.BadSyntax, $"--{option.Name} needs --ifname, which says of what interface");
            return options;
        }
        var parts = new List<string> { Part(Name, names[0]) };
        var rest = new List<OptionValue>();
        foreach (var option in options.Where(option => option.Name != Name))
        {
            if (s_keys.TryGetValue(option.Name, out var key) || s_sharedKeys.TryGetValue(option.Name, out key))
                parts.Add(Part(key, option));
            else
                rest.Add(option);
        }
        return parts.Count == 1
            ? throw new InsulaException(ExitCode.BadSyntax, "--ifname says nothing to change", "add --bridge, --mac, --host_ifname, --host_mac, --mac_filter, --ipadd or another")
            : [.. rest, new OptionValue(Name, string.Join(',', parts))];
    }

    /// <summary>Fills in names and hardware addresses that were not given, and looks whether the changes fit what is there.</summary>
    /// <exception cref="InsulaException">130: they do not.</exception>
    public static void Complete(ContainerContext container, ParameterChanges changes)
    {
        if (changes[NetworkParameters.Interfaces] is not { } change)
            return;
        // A running container may have interfaces that were not saved.
        var config = container.IsRunning ? AppliedConfig.Load(container.Engine, container.Config) : container.Config;
        var old = config.TryGet(NetworkParameters.Interfaces, out var known) ? known : [];
        if (change.Removed is IReadOnlyList<NetworkInterface> removed)
        {
            foreach (var gone in removed.Where(gone => gone.Name != Parameters.Kinds.AddressRemovalKind.All && !old.Any(each => each.Name == gone.Name)))
                throw new InsulaException(ExitCode.NetworkDevice, $"CT {container.Ctid} has no interface {gone.Name}");
            old = NetworkParameters.Interfaces.TypedKind.Remove(old, removed);
        }
        if (change.TryGet(NetworkParameters.Interfaces, out var added))
            change.Complete(InterfaceDefaults.Complete(container.Ctid, old, added, HostSeed()));
    }

    /// <summary>What makes hardware addresses of this host different from another's.</summary>
    public static string HostSeed() => File.Exists(MachineId) ? File.ReadAllText(MachineId).Trim() : Environment.MachineName;

    private static string Part(string key, OptionValue option)
        => option.Value.AsSpan().ContainsAny(",;")
            ? throw new InsulaException(ExitCode.BadValue, $"Bad value \"{option.Value}\" for --{option.Name}: it holds a comma or semicolon")
            : $"{key}={option.Value}";
}
