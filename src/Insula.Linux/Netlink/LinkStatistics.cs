namespace Insula.Linux.Netlink;

/// <summary>What has passed a link, as the kernel itself counts it, with hardware headers (the beginning of struct rtnl_link_stats64).</summary>
/// <param name="ReceivedPackets">Packets that arrived by the link.</param>
/// <param name="SentPackets">Packets that left by it.</param>
/// <param name="ReceivedBytes">Bytes of the former.</param>
/// <param name="SentBytes">Bytes of the latter.</param>
public readonly record struct LinkStatistics(ulong ReceivedPackets, ulong SentPackets, ulong ReceivedBytes, ulong SentBytes)
{
    internal static bool TryParse(NetlinkMessage message, out LinkStatistics statistics)
    {
        statistics = default;
        if (message.Type != NetlinkMessageType.NewLink)
            return false;
        var attributes = message.AttributesAfter<LinkHeader>();
        while (attributes.Next())
        {
            if (attributes.Type == Ifla.Statistics64)
            {
                statistics = NetlinkMessage.ReadFixed<LinkStatistics>(attributes.Value);
                return true;
            }
        }
        return false;
    }
}
