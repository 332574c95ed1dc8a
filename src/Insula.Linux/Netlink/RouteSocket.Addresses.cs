using Insula.Linux.Syscalls;

namespace Insula.Linux.Netlink;

// Addresses: rtnetlink(7) RTM_*ADDR, linux/if_addr.h.
public sealed partial class RouteSocket
{
    /// <summary>All addresses, or those of one link.</summary>
    public IReadOnlyList<AddressInfo> Addresses(int? linkIndex = null)
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.GetAddress, NetlinkFlags.Dump);
        request.Append(new AddressHeader { Index = linkIndex ?? 0 });
        var all = Dump<AddressInfo>(request, "addresses", AddressInfo.TryParse);
        // With AF_UNSPEC not every kernel filters by link in every family.
        if (linkIndex is { } wanted)
            all.RemoveAll(a => a.LinkIndex != wanted);
        return all;
    }

    /// <summary>
    /// Gives a link an address. IPv6 addresses are usable at once (no duplicate address detection).
    /// </summary>
    /// <returns>False if the link has it already, with the same prefix length.</returns>
    public bool AddAddress(int linkIndex, IpAddress address, int prefixLength)
    {
        var request = new NetlinkWriter(
            stackalloc byte[RequestSize], NetlinkMessageType.NewAddress, NetlinkFlags.Create | NetlinkFlags.Exclusive | NetlinkFlags.Ack);
        WriteAddress(ref request, linkIndex, address, prefixLength);
        if (address.Family == IpFamily.IPv6)
            request.Attribute(Ifa.Flags, Ifa.FlagNoDad);
        var answer = TryExecute(request);
        if (answer.Errno == Errno.EEXIST)
            return false;
        ThrowIfFailed(answer, "add address", $"{address}/{prefixLength}");
        return true;
    }

    /// <summary>Takes an address off a link. False if the link does not have it.</summary>
    public bool DeleteAddress(int linkIndex, IpAddress address, int prefixLength)
    {
        var request = new NetlinkWriter(stackalloc byte[RequestSize], NetlinkMessageType.DelAddress, NetlinkFlags.Ack);
        WriteAddress(ref request, linkIndex, address, prefixLength);
        var answer = TryExecute(request);
        if (answer.Errno is Errno.EADDRNOTAVAIL)
            return false;
        ThrowIfFailed(answer, "delete address", $"{address}/{prefixLength}");
        return true;
    }

    private static void WriteAddress(ref NetlinkWriter request, int linkIndex, IpAddress address, int prefixLength)
    {
        request.Append(new AddressHeader
        {
            Family = address.Family,
            PrefixLength = (byte)prefixLength,
            Scope = address.IsLoopback ? RouteScope.Host : RouteScope.Universe,
            Index = linkIndex,
        });
        request.Attribute(Ifa.Local, address);
        request.Attribute(Ifa.Address, address);
    }
}
