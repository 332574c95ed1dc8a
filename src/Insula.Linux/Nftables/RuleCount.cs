using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Nftables;

/// <summary>How many packet filter rules a network namespace has: nftables, which also holds what iptables-nft made.</summary>
public static class RuleCount
{
    /// <summary>NETLINK_NETFILTER.</summary>
    public const int Protocol = 12;

    /// <summary>Counts them over a socket that was opened in the namespace; it is closed.</summary>
    /// <returns>0 also on a kernel without nftables.</returns>
    public static long Read(FileDescriptor socket)
    {
        using var netlink = new NetlinkSocket(socket, Protocol, "a netfilter netlink socket");
        var request = NftablesBatch.Start(stackalloc byte[64], NftMessage.GetRule, NetlinkFlags.Dump, (byte)NftFamily.Any, 0);
        long count = 0;
        var errno = new NetlinkDump(netlink).TryRead(request, message => count += message.Type == (NetlinkMessageType)NftMessage.NewRule ? 1 : 0);
        return errno is Errno.None or Errno.ENOENT or Errno.EOPNOTSUPP or Errno.EINVAL
            ? count
            : throw new LinuxException("list", "packet filter rules", errno);
    }
}
