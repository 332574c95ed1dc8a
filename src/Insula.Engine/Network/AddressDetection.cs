using System.Diagnostics;
using Insula.Linux.Netlink;
using Insula.Linux.Packets;
using Insula.Linux.Polling;

namespace Insula.Engine.Network;

/// <summary>An address that another station on a link has.</summary>
/// <param name="Address">The address.</param>
/// <param name="Link">The link it answers on.</param>
/// <param name="Owner">The station's hardware address.</param>
public sealed record DetectedAddress(IpAddress Address, LinkInfo Link, MacAddress Owner);

/// <summary>Asks on the wire, by ARP and IPv6 neighbour discovery, whether somebody has addresses. All are asked for at once.</summary>
public static class AddressDetection
{
    /// <summary>Asks and waits for answers.</summary>
    /// <param name="questions">What to ask on which link; links without a hardware address and those that are down are left out.</param>
    /// <param name="wait">How long to wait for answers; it returns earlier if every address has been answered for.</param>
    public static IReadOnlyList<DetectedAddress> Find(IReadOnlyList<(LinkInfo Link, IpAddress Address)> questions, TimeSpan wait)
    {
        var probes = new List<Probe>();
        try
        {
            foreach (var group in questions.Where(question => question.Link is { IsUp: true, Mac: not null }).GroupBy(question => (question.Link.Index, question.Address.Family)))
                probes.Add(new Probe(group.First().Link, [.. group.Select(question => question.Address)]));
            return probes.Count == 0 ? [] : Wait(probes, wait);
        }
        finally
        {
            foreach (var probe in probes)
                probe.Socket.Dispose();
        }
    }

    private static List<DetectedAddress> Wait(List<Probe> probes, TimeSpan wait)
    {
        var found = new List<DetectedAddress>();
        using var set = new PollSet();
        foreach (var probe in probes)
        {
            set.Add(probe.Socket.Descriptor, PollEvents.Input);
            probe.Ask();
        }
        var ready = new List<(int, PollEvents)>();
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < wait && probes.Exists(probe => probe.Open.Count > 0);)
        {
            set.Wait((int)Math.Max(1, (wait - waited.Elapsed).TotalMilliseconds), ready);
            foreach (var probe in probes)
                probe.Read(found);
        }
        return found;
    }

    private sealed class Probe(LinkInfo link, HashSet<IpAddress> addresses)
    {
        private readonly bool _isIPv4 = addresses.First().Family == IpFamily.IPv4;

        public PacketSocket Socket { get; } = new(link, addresses.First().Family == IpFamily.IPv4 ? ArpPacket.EtherType : NeighbourPacket.EtherType);

        /// <summary>Addresses that nobody has answered for.</summary>
        public HashSet<IpAddress> Open { get; } = addresses;

        public void Ask()
        {
            var own = link.Mac!.Value;
            foreach (var address in Open)
                Socket.Send(_isIPv4 ? ArpPacket.Probe(own, address).ToFrame(ArpPacket.Broadcast, own) : NeighbourPacket.Probe(own, address));
        }

        public void Read(List<DetectedAddress> found)
        {
            for (var frame = Socket.TryReceive(); !frame.IsEmpty; frame = Socket.TryReceive())
            {
                var (address, owner) = Understand(frame);
                if (owner != link.Mac && Open.Remove(address))
                    found.Add(new DetectedAddress(address, link, owner));
            }
        }

        private (IpAddress Address, MacAddress Owner) Understand(ReadOnlySpan<byte> frame)
        {
            if (_isIPv4)
                return ArpPacket.TryParse(frame, out var packet) ? (packet.SenderAddress, packet.SenderMac) : default;
            return NeighbourPacket.TryParseAdvertisement(frame, out var sender, out var address) ? (address, sender) : default;
        }
    }
}
