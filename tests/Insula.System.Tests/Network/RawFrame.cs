using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Insula.Linux.Netlink;

namespace Insula.System.Tests.Network;

/// <summary>Ethernet frames byte by byte, as a hostile container would send them, each with a marker in it by which it is recognised. Bridges
/// may cut off what is behind an IP packet.</summary>
internal static class RawFrame
{
    public const string Broadcast = "ff:ff:ff:ff:ff:ff";
    public const string AllNodes = "33:33:00:00:00:01";

    private const byte Udp = 17, Icmp6 = 58;

    public static byte[] Ethernet(string destination, string source, ushort type, byte[] body, string marker)
        => [.. Mac(destination), .. Mac(source), .. Number(type), .. body, .. new byte[Math.Max(0, 46 - body.Length)], .. Encoding.ASCII.GetBytes(marker)];

    public static byte[] Arp(string source, string senderMac, string sender, string target, bool reply, string marker)
        => Ethernet(Broadcast, source, 0x0806, [0, 1, 8, 0, 6, 4, 0, (byte)(reply ? 2 : 1), .. Mac(senderMac), .. Address(sender), .. new byte[6], .. Address(target)], marker);

    public static byte[] Udp4(string sourceMac, string source, string destination, int from, int to, string marker, byte[]? payload = null)
    {
        var body = UdpBody(from, to, [.. payload ?? [], .. Encoding.ASCII.GetBytes(marker)]);
        byte[] header = [0x45, 0, .. Number((ushort)(20 + body.Length)), 0, 0, 0, 0, 64, Udp, 0, 0, .. Address(source), .. Address(destination)];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(10), Checksum(header));
        return Ethernet(Broadcast, sourceMac, 0x0800, [.. header, .. body], "");
    }

    public static byte[] Udp6(string sourceMac, string source, string destination, int from, int to, string marker)
        => IPv6(sourceMac, source, destination, Udp, UdpBody(from, to, Encoding.ASCII.GetBytes(marker)), 64);

    /// <summary>An ICMPv6 message of neighbour discovery about a target.</summary>
    public static byte[] Discovery(string sourceMac, string source, byte type, string target, string marker)
        => IPv6(sourceMac, source, "ff02::1", Icmp6, [type, 0, 0, 0, 0x20, 0, 0, 0, .. Address(target), 2, 1, .. Mac(sourceMac), .. MarkerOption(marker)], 255);

    /// <summary>A request of a DHCP client that says it is some station.</summary>
    public static byte[] DhcpRequest(string sourceMac, string client, string marker)
        => Udp4(sourceMac, "0.0.0.0", "255.255.255.255", 68, 67, marker, [1, 1, 6, 0, .. new byte[24], .. Mac(client), .. new byte[202]]);

    public static byte[] Tagged(byte[] frame, ushort vlan) => [.. frame[..12], 0x81, 0, .. Number(vlan), .. frame[12..]];

    /// <summary>Sends frames from the network namespace of a process by one of its links.</summary>
    public static void Send(int process, string link, params byte[][] frames)
    {
        // socket(AF_PACKET, SOCK_RAW, 0); struct sockaddr_ll with the link's number.
        const string program = """
            socket(S, 17, 3, 0) or die "socket: $!";
            my $request = pack("a16x24", $ARGV[0]);
            ioctl(S, 0x8933, $request) or die "no link: $!";
            my $index = unpack("x16 i", $request);
            while (my $hex = <STDIN>) { chomp $hex; send(S, pack("H*", $hex), 0, pack("SSiSCCa8", 17, 0, $index, 0, 0, 6, "")) or die "send: $!"; }
            """;
        var start = new ProcessStartInfo("nsenter", [$"--net=/proc/{process}/ns/net", "--", "perl", "-e", program, link]) { RedirectStandardInput = true, RedirectStandardError = true };
        using var sender = Process.Start(start)!;
        foreach (var frame in frames)
            sender.StandardInput.WriteLine(Convert.ToHexString(frame));
        sender.StandardInput.Close();
        var errors = sender.StandardError.ReadToEnd();
        sender.WaitForExit();
        Assert.True(sender.ExitCode == 0, errors);
    }

    private static byte[] IPv6(string sourceMac, string source, string destination, byte protocol, byte[] body, byte hops)
    {
        byte[] header = [0x60, 0, 0, 0, .. Number((ushort)body.Length), protocol, hops, .. Address(source), .. Address(destination)];
        var place = protocol == Udp ? 6 : 2;
        byte[] pseudo = [.. header[8..40], 0, 0, .. Number((ushort)body.Length), 0, 0, 0, protocol, .. body, .. new byte[body.Length % 2]];
        BinaryPrimitives.WriteUInt16BigEndian(body.AsSpan(place), Checksum(pseudo));
        return Ethernet(AllNodes, sourceMac, 0x86dd, [.. header, .. body], "");
    }

    // An option of a kind for experiments (RFC 4727); its length is in units of eight bytes.
    private static byte[] MarkerOption(string marker)
    {
        var units = (marker.Length + 2 + 7) / 8;
        var option = new byte[units * 8];
        option[0] = 253;
        option[1] = (byte)units;
        Encoding.ASCII.GetBytes(marker, option.AsSpan(2));
        return option;
    }

    private static byte[] UdpBody(int from, int to, byte[] payload)
        => [.. Number((ushort)from), .. Number((ushort)to), .. Number((ushort)(8 + payload.Length)), 0, 0, .. payload];

    private static ushort Checksum(byte[] bytes)
    {
        var sum = 0u;
        for (var i = 0; i < bytes.Length; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(i));
        while (sum >> 16 != 0)
            sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }

    private static byte[] Number(ushort number) => [(byte)(number >> 8), (byte)number];

    private static byte[] Mac(string text)
    {
        var bytes = new byte[6];
        Assert.True(MacAddress.TryParse(text, out var mac));
        mac.CopyTo(bytes);
        return bytes;
    }

    private static byte[] Address(string text)
    {
        var address = IpAddress.Parse(text);
        var bytes = new byte[address.Length];
        address.CopyTo(bytes);
        return bytes;
    }
}
