using Insula.Linux.Syscalls;

namespace Insula.Linux.Netlink;

// Links: rtnetlink(7) RTM_*LINK, linux/if_link.h, veth(4).
public sealed partial class RouteSocket
{
    private const byte AF_INET = 2;
    private const byte AF_INET6 = 10;

    /// <summary>All links of the namespace.</summary>
    public IReadOnlyList<LinkInfo> Links()
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.GetLink, NetlinkFlags.Dump);
        request.Append(new LinkHeader());
        SkipStatistics(ref request);
        return Dump<LinkInfo>(request, "network links", LinkInfo.TryParse);
    }

    /// <summary>The link of that name, or null.</summary>
    public LinkInfo? FindLink(string name)
    {
        RequireName(name);
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.GetLink, NetlinkFlags.Ack);
        request.Append(new LinkHeader());
        request.Attribute(Ifla.Name, name);
        return FindLink(ref request, name);
    }

    /// <summary>The link with that index, or null.</summary>
    public LinkInfo? FindLink(int index)
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.GetLink, NetlinkFlags.Ack);
        request.Append(new LinkHeader { Index = index });
        return FindLink(ref request, $"number {index}");
    }

    /// <summary>What has passed the link of that name; null if there is none.</summary>
    public LinkStatistics? FindStatistics(string name)
    {
        RequireName(name);
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.GetLink, NetlinkFlags.Ack);
        request.Append(new LinkHeader());
        request.Attribute(Ifla.Name, name);
        var answer = Get<LinkStatistics>(request, LinkStatistics.TryParse, out var found);
        if (answer.Errno == Errno.ENODEV)
            return null;
        ThrowIfFailed(answer, "read the counters of link", name);
        return found;
    }

    private LinkInfo? FindLink(ref NetlinkWriter request, string what)
    {
        SkipStatistics(ref request);
        var answer = Get<LinkInfo>(request, LinkInfo.TryParse, out var link);
        if (answer.Errno == Errno.ENODEV)
            return null;
        ThrowIfFailed(answer, "find link", what);
        return link;
    }

    /// <summary>
    /// Makes a veth pair: <paramref name="here"/> in this socket's namespace, <paramref name="there"/> directly in the other, both
    /// down. The other end's name need not be free here.
    /// </summary>
    public void CreateVeth(VethEnd here, VethEnd there, LinkNamespace thereNamespace)
    {
        RequireName(here.Name);
        RequireName(there.Name);
        Execute(NewVeth(stackalloc byte[RequestSize], here, there, thereNamespace), "create link", here.Name);
    }

    internal static NetlinkWriter NewVeth(Span<byte> buffer, VethEnd here, VethEnd there, LinkNamespace thereNamespace)
    {
        var request = new NetlinkWriter(
            buffer, NetlinkMessageType.NewLink, NetlinkFlags.Create | NetlinkFlags.Exclusive | NetlinkFlags.Ack);
        WriteEnd(ref request, here);
        var info = request.BeginNested(Ifla.LinkInfo);
        request.Attribute(Ifla.InfoKind, "veth");
        var data = request.BeginNested(Ifla.InfoData);
        var peer = request.BeginNested(Ifla.VethPeer);
        WriteEnd(ref request, there);
        thereNamespace.Write(ref request);
        request.EndNested(peer);
        request.EndNested(data);
        request.EndNested(info);
        return request;
    }

    /// <summary>
    /// Makes a pair of netkit devices in layer 3 mode: as <see cref="CreateVeth"/>, but without hardware addresses.
    /// </summary>
    /// <exception cref="LinuxException">EOPNOTSUPP: the kernel has none (Linux 6.7).</exception>
    public void CreateNetkit(string here, string there, LinkNamespace thereNamespace)
    {
        RequireName(here);
        RequireName(there);
        Execute(NewNetkit(stackalloc byte[RequestSize], here, there, thereNamespace), "create link", here);
    }

    internal static NetlinkWriter NewNetkit(Span<byte> buffer, string here, string there, LinkNamespace thereNamespace)
    {
        var request = new NetlinkWriter(
            buffer, NetlinkMessageType.NewLink, NetlinkFlags.Create | NetlinkFlags.Exclusive | NetlinkFlags.Ack);
        WriteEnd(ref request, new VethEnd(here));
        var info = request.BeginNested(Ifla.LinkInfo);
        request.Attribute(Ifla.InfoKind, "netkit");
        var data = request.BeginNested(Ifla.InfoData);
        request.Attribute(Ifla.NetkitMode, Ifla.NetkitLayer3);
        var peer = request.BeginNested(Ifla.NetkitPeer);
        WriteEnd(ref request, new VethEnd(there));
        thereNamespace.Write(ref request);
        request.EndNested(peer);
        request.EndNested(data);
        request.EndNested(info);
        return request;
    }

    /// <summary>
    /// Makes a link with a hardware address of its own on top of another one, directly in another namespace, down. Its name need not be free here.
    /// </summary>
    /// <param name="uplink">The number of the link that it sends by.</param>
    /// <param name="there">Name and hardware address.</param>
    /// <param name="mode">How it reaches others on the same uplink.</param>
    /// <param name="thereNamespace">Where it is made.</param>
    /// <exception cref="LinuxException">EOPNOTSUPP: the kernel has none. EBUSY: the uplink is a port of a bridge.</exception>
    public void CreateMacvlan(int uplink, VethEnd there, MacvlanMode mode, LinkNamespace thereNamespace)
    {
        RequireName(there.Name);
        Execute(NewMacvlan(stackalloc byte[RequestSize], uplink, there, mode, thereNamespace), "create link", there.Name);
    }

    internal static NetlinkWriter NewMacvlan(Span<byte> buffer, int uplink, VethEnd there, MacvlanMode mode, LinkNamespace thereNamespace)
    {
        var request = new NetlinkWriter(
            buffer, NetlinkMessageType.NewLink, NetlinkFlags.Create | NetlinkFlags.Exclusive | NetlinkFlags.Ack);
        WriteEnd(ref request, there);
        request.Attribute(Ifla.Link, (uint)uplink);
        thereNamespace.Write(ref request);
        var info = request.BeginNested(Ifla.LinkInfo);
        request.Attribute(Ifla.InfoKind, "macvlan");
        var data = request.BeginNested(Ifla.InfoData);
        request.Attribute(Ifla.MacvlanMode, (uint)mode);
        request.EndNested(data);
        request.EndNested(info);
        return request;
    }

    /// <summary>Deletes a link, and with it its peer, addresses, routes and neighbours. False if there was none.</summary>
    public bool DeleteLink(string name)
    {
        RequireName(name);
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.DelLink, NetlinkFlags.Ack);
        request.Append(new LinkHeader());
        request.Attribute(Ifla.Name, name);
        var answer = TryExecute(request);
        if (answer.Errno == Errno.ENODEV)
            return false;
        ThrowIfFailed(answer, "delete link", name);
        return true;
    }

    /// <summary>Moves a link to another namespace, where it is down and has no addresses.</summary>
    /// <param name="index">The link.</param>
    /// <param name="there">Where to.</param>
    /// <param name="name">Its name there, in which %d stands for a number that is free; null: as it is called.</param>
    /// <exception cref="LinuxException">EEXIST: the name is taken there. EINVAL: the link cannot be moved.</exception>
    public void MoveLink(int index, LinkNamespace there, string? name = null)
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.SetLink, NetlinkFlags.Ack);
        request.Append(new LinkHeader { Index = index });
        if (name is not null)
            request.Attribute(Ifla.Name, name);
        there.Write(ref request);
        Execute(request, "move to another namespace link number", index.ToString());
    }

    /// <summary>Changes properties of a link.</summary>
    public void ChangeLink(int index, LinkChange change)
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.SetLink, NetlinkFlags.Ack);
        var header = new LinkHeader { Index = index };
        SetFlag(ref header, LinkFlags.Up, change.Up);
        SetFlag(ref header, LinkFlags.NoArp, change.NoArp);
        request.Append(header);
        if (change.Mac is { } mac)
            request.Attribute(Ifla.Address, mac);
        if (change.Mtu is { } mtu)
            request.Attribute(Ifla.Mtu, (uint)mtu);
        if (change.Alias is { } alias)
            request.Attribute(Ifla.Alias, System.Text.Encoding.UTF8.GetBytes(alias));
        if (change.Name is { } name)
        {
            RequireName(name);
            request.Attribute(Ifla.Name, name);
        }
        Execute(request, "change link number", index.ToString());
    }

    /// <summary>
    /// Says how the link makes its IPv6 link-local address. To have none, say so before it goes up.
    /// </summary>
    public void SetIPv6AddressGeneration(int index, IPv6AddressGeneration mode)
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.SetLink, NetlinkFlags.Ack);
        request.Append(new LinkHeader { Index = index });
        var families = request.BeginNested(Ifla.AfSpec);
        var inet6 = request.BeginNested(AF_INET6);
        request.Attribute(Ifla.Inet6AddrGenMode, (byte)mode);
        request.EndNested(inet6);
        request.EndNested(families);
        Execute(request, "set IPv6 address generation of link number", index.ToString());
    }

    /// <summary>Sets IPv4 settings of one link; works in any namespace, other than writing to /proc/sys.</summary>
    public void SetIPv4Settings(int index, params ReadOnlySpan<(IPv4LinkSetting Setting, int Value)> settings)
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.SetLink, NetlinkFlags.Ack);
        request.Append(new LinkHeader { Index = index });
        var families = request.BeginNested(Ifla.AfSpec);
        var inet = request.BeginNested(AF_INET);
        var configuration = request.BeginNested(Ifla.InetConf);
        foreach (var (setting, value) in settings)
            request.Attribute((ushort)setting, (uint)value);
        request.EndNested(configuration);
        request.EndNested(inet);
        request.EndNested(families);
        Execute(request, "set IPv4 settings of link number", index.ToString());
    }

    private static void WriteEnd(ref NetlinkWriter request, VethEnd end)
    {
        var header = new LinkHeader();
        SetFlag(ref header, LinkFlags.NoArp, end.NoArp ? true : null);
        request.Append(header);
        request.Attribute(Ifla.Name, end.Name);
        if (end.Mac is { } mac)
            request.Attribute(Ifla.Address, mac);
        if (end.Mtu is { } mtu)
            request.Attribute(Ifla.Mtu, (uint)mtu);
    }

    private static void SetFlag(ref LinkHeader header, LinkFlags flag, bool? on)
    {
        if (on is null)
            return;
        header.Change |= (uint)flag;
        if (on.Value)
            header.Flags |= (uint)flag;
    }

    // RTEXT_FILTER_SKIP_STATS: half of a link's answer is counters.
    private static void SkipStatistics(ref NetlinkWriter request) => request.Attribute(Ifla.ExtMask, 8u);

    // dev_valid_name() of the kernel; checked here because a NUL inside would silently name another link.
    private static void RequireName(string name)
    {
        if (!LinkName.IsValid(name))
            throw new LinuxException("use", $"\"{name}\" as the name of a link", Errno.EINVAL, "a name has 1 to 15 bytes, no blank, '/' or ':'");
    }
}
