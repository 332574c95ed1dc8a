namespace Insula.Linux.Packets;

/// <summary>What an Ethernet frame carries (linux/if_ether.h).</summary>
public static class EtherType
{
    public const ushort IPv4 = 0x0800, Arp = 0x0806, IPv6 = 0x86dd;
}
