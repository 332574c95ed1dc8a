using System.Globalization;
using Insula.Engine.Configuration;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;
using CgroupRule = Insula.Linux.Cgroups.DeviceRule;

namespace Insula.Engine.Devices;

/// <summary>A device node of the host that a container is given.</summary>
/// <param name="Name">Its path below /dev: "net/tun".</param>
/// <param name="Kind">Block or character.</param>
/// <param name="Major">Major number.</param>
/// <param name="Minor">Minor number.</param>
/// <param name="Rights">What the container may do with it.</param>
internal sealed record HostDevice(string Name, DeviceKind Kind, int Major, int Minor, DeviceRights Rights)
{
    /// <summary>The devices of DEVNODES that are not "none".</summary>
    /// <exception cref="InsulaException">86: one is no device of this host.</exception>
    public static IReadOnlyList<HostDevice> ConfiguredNodes(ContainerConfig config)
    {
        if (!config.TryGet(DeviceParameters.DeviceNodes, out var rules))
            return [];
        return [.. rules.Where(rule => rule.Rights != DeviceRights.None).Select(Find)];
    }

    /// <summary>Everything the container may do with devices: the standard list, its nodes, its numbers.</summary>
    public static IReadOnlyList<CgroupRule> Rules(ContainerConfig config)
    {
        List<CgroupRule> rules = [.. CgroupRule.ContainerDefaults];
        foreach (var device in ConfiguredNodes(config))
            rules.Add(new CgroupRule(device.Kind, device.Major, device.Minor, Access(device.Rights)));
        if (config.TryGet(DeviceParameters.Devices, out var numbers))
        {
            foreach (var rule in numbers.Where(rule => rule.Rights != DeviceRights.None))
                rules.Add(ByNumber(rule));
        }
        return rules;
    }

    // "c:108:0" or "b:8:all".
    private static CgroupRule ByNumber(Parameters.DeviceRule rule)
    {
        var parts = rule.Device.Split(':');
        return new CgroupRule(
            parts[0] == "b" ? DeviceKind.Block : DeviceKind.Character,
            int.Parse(parts[1], CultureInfo.InvariantCulture),
            parts[2] == "all" ? null : int.Parse(parts[2], CultureInfo.InvariantCulture),
            Access(rule.Rights));
    }

    private static DeviceAccess Access(DeviceRights rights)
        => (rights.HasFlag(DeviceRights.Read) ? DeviceAccess.Read : 0) | (rights.HasFlag(DeviceRights.Write) ? DeviceAccess.Write : 0);

    private static HostDevice Find(Parameters.DeviceRule rule)
    {
        var path = $"/dev/{rule.Device}";
        if (!DeviceNumbers.TryRead(path, out var isBlock, out var major, out var minor))
            throw new InsulaException(ExitCode.SetDevices, $"{path} is no device of this host", "load its kernel module, or take it out of DEVNODES");
        return new HostDevice(rule.Device, isBlock ? DeviceKind.Block : DeviceKind.Character, major, minor, rule.Rights);
    }
}
