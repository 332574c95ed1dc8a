using Insula.Linux.Probes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Host;

/// <summary>What connects containers.</summary>
public static class NetworkFeatures
{
    private const string Group = "network";

    /// <summary>Pairs of virtual Ethernet devices.</summary>
    public static HostFeature Veth { get; } = Part("veth", KernelParts.Veth, FeatureNeed.Required, "Containers have no network.");

    /// <summary>Forwarding of IPv4 packets.</summary>
    public static HostFeature Forwarding { get; } = new(
        "IPv4 forwarding", Group, FeatureNeed.Recommended, "Containers reach only the host; preparing the host switches it on.",
        view => FeatureFinding.Of(view.Read("/proc/sys/net/ipv4/ip_forward") == "1", "net.ipv4.ip_forward"));

    /// <summary>nftables tables of family netdev, which see what arrives by a link.</summary>
    public static HostFeature LinkGuard { get; } = Part(
        "link guard", KernelParts.LinkFilter, FeatureNeed.Recommended, "Containers can forge addresses, and pose as routers and DHCP servers on a bridge.");

    /// <summary>Programs of ours at the containers' links.</summary>
    public static HostFeature Traffic { get; } = new(
        "traffic counting", Group, FeatureNeed.Recommended, "Traffic is not counted by class and container, and rates cannot be set.",
        view => view.Ask(KernelProbe.BpfLinkPacket) is var error && error != Errno.None
            ? new FeatureFinding(FeatureState.No, $"{error}")
            : new FeatureFinding(FeatureState.Yes, "BPF at links"));

    /// <summary>The queueing discipline that holds containers to their rates.</summary>
    public static HostFeature Rates { get; } = Part("HTB", KernelParts.Htb, FeatureNeed.Optional, "Containers cannot have rates.");

    internal static IEnumerable<HostFeature> All =>
    [
        Veth,
        Forwarding,
        new(
            "IPv6", Group, FeatureNeed.Recommended, "Containers have no IPv6.",
            view => FeatureFinding.Of(view.Exists("/proc/sys/net/ipv6/conf/all/forwarding"))),
        Part("bridge", KernelParts.Bridge, FeatureNeed.Optional, "Containers cannot be bridged to a network."),
        Part("nftables", KernelParts.Nftables, FeatureNeed.Recommended, "Containers have no firewall of their own, and the host cannot filter them."),
        LinkGuard,
        Part("conntrack", KernelParts.Conntrack, FeatureNeed.Recommended, "Rules of insula net acl cannot be set on routed links."),
        Part("NAT", KernelParts.Nat, FeatureNeed.Optional, "Ports cannot be forwarded to containers, and private networks not hidden."),
        Part("bridge filter", KernelParts.BridgeFilter, FeatureNeed.Optional, "Rules of insula net acl cannot be set on bridges."),
        Part("bridge conntrack", KernelParts.BridgeConntrack, FeatureNeed.Optional,
            "Rules of insula net acl follow flows on bridges by addresses and ports, and let no fragments through."),
        Traffic,
        Rates,
        Part("netkit", KernelParts.Netkit, FeatureNeed.Optional, "Network devices are veth, which cost a little more per packet."),
        Part("macvlan", KernelParts.Macvlan, FeatureNeed.Optional, "Containers have no interfaces of their own on a link of the host without a bridge."),
        new(
            "tun", Group, FeatureNeed.Optional, "Containers cannot run VPNs.", view => FeatureFinding.Of(view.Exists("/dev/net/tun"), "/dev/net/tun")),
    ];

    private static HostFeature Part(string name, (string Symbol, string Module) part, FeatureNeed need, string cost)
        => new(name, Group, need, cost, view => FeatureFinding.Of(view.HasKernelPart(part.Symbol, part.Module)));
}
