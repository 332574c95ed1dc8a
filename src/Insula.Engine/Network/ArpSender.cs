using System.Diagnostics;
using Insula.Linux.Netlink;
using Insula.Linux.Packets;
using Insula.Linux.Polling;

namespace Insula.Engine.Network;

/// <summary>What arpsend does: ARP messages on a link of the host. Addresses are text, as the user gave them.</summary>
public sealed class ArpSender
{
    private const int Success = 0, Received = 3, NotReceived = 4;

    /// <summary>Look whether somebody has the targets.</summary>
    public bool Detects { get; init; }

    /// <summary>Ask for the targets and expect an answer.</summary>
    public bool Requests { get; init; }

    /// <summary>Send replies instead of requests.</summary>
    public bool Replies { get; init; }

    /// <summary>How often.</summary>
    public long Count { get; init; } = 1;

    /// <summary>How long to listen after each.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Source address of the frame; null: the link's. "broadcast" is one, too.</summary>
    public string? FrameSource { get; init; }

    /// <summary>Destination address of the frame; null: everybody.</summary>
    public string? FrameTarget { get; init; }

    /// <summary>Sender's hardware address in the message; null: that of the frame.</summary>
    public string? SenderMac { get; init; }

    /// <summary>Target's hardware address in the message; null: that of the frame.</summary>
    public string? TargetMac { get; init; }

    /// <summary>Sender's address; null: the link's.</summary>
    public string? Source { get; init; }

    /// <summary>What is asked for.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>End with the first answer.</summary>
    public bool AtOnce { get; init; }

    /// <summary>Also on a link without an address.</summary>
    public bool Force { get; init; }

    /// <summary>Is told of answers.</summary>
    public Action<string> Report { get; init; } = _ => { };

    /// <summary>Sends, and listens for answers.</summary>
    /// <returns>The exit code of arpsend.</returns>
    public int Run(string name)
    {
        using var socket = RouteSocket.Open();
        var link = socket.FindLink(InterfaceName.Parse(name).Value)
            ?? throw new InsulaException(ExitCode.SystemError, $"Unknown network interface {name}");
        if (!link.IsUp || link.Mac is null || (link.Flags & (LinkFlags.NoArp | LinkFlags.Loopback | LinkFlags.Slave)) != 0)
            throw new InsulaException(ExitCode.SystemError, $"Network interface {link.Name} is {(link.IsUp ? "not ARPable" : "down")}");
        var targets = new List<IpAddress>();
        foreach (var text in Targets)
            targets.Add(Address(text));
        IpAddress? source = Source is { } own ? Address(own) : null;
        if (source is { Family: IpFamily.IPv6 } announced)
        {
            AddressAnnouncement.Send(socket, link, announced);
            return Success;
        }
        if (targets.Exists(target => target.Family == IpFamily.IPv6))
            return Detects ? Detection(link, targets) : Success;
        var first = FirstAddress(socket, link);
        if (first is null && !Force)
            throw new InsulaException(ExitCode.SystemError, $"Cannot get the IP address of network interface {link.Name}", "send all the same: -f");
        return Exchange(link, source ?? first ?? new IpAddress(IpFamily.IPv4, 0), targets);
    }

    private int Exchange(LinkInfo link, IpAddress source, List<IpAddress> targets)
    {
        var waits = Detects || Requests;
        var atOnce = AtOnce || (Detects && targets.Count <= 1);
        if (targets.Count == 0)
            targets.Add(source);
        using var packets = new PacketSocket(link, ArpPacket.EtherType);
        using var set = new PollSet();
        set.Add(packets.Descriptor, PollEvents.Input);
        var answers = 0;
        for (var sent = 0L; sent < Count; sent++)
        {
            foreach (var target in targets)
                packets.Send(Frame(link, source, target));
            if (!waits && sent == Count - 1)
                return Success;
            answers += Listen(packets, set, link, targets, atOnce);
            if (answers > 0 && atOnce)
                break;
        }
        return Requests ? (answers > 0 ? Success : NotReceived) : answers > 0 ? Received : Success;
    }

    private byte[] Frame(LinkInfo link, IpAddress source, IpAddress target)
    {
        var frameTarget = Mac(FrameTarget) ?? ArpPacket.Broadcast;
        var frameSource = Mac(FrameSource) ?? link.Mac!.Value;
        var packet = new ArpPacket(Replies, Mac(SenderMac) ?? frameSource, source, Mac(TargetMac) ?? frameTarget, target);
        return packet.ToFrame(frameTarget, frameSource);
    }

    private int Listen(PacketSocket packets, PollSet set, LinkInfo link, List<IpAddress> targets, bool atOnce)
    {
        var answers = 0;
        var ready = new List<(int, PollEvents)>();
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Wait;)
        {
            set.Wait((int)Math.Max(1, (Wait - waited.Elapsed).TotalMilliseconds), ready);
            for (var frame = packets.TryReceive(); !frame.IsEmpty; frame = packets.TryReceive())
            {
                if (!ArpPacket.TryParse(frame, out var packet) || packet.SenderMac == link.Mac || !targets.Contains(packet.SenderAddress))
                    continue;
                Report($"{packet.SenderAddress} is detected on another computer: {packet.SenderMac}");
                answers++;
                if (atOnce)
                    return answers;
            }
        }
        return answers;
    }

    private int Detection(LinkInfo link, List<IpAddress> targets)
    {
        var questions = new List<(LinkInfo, IpAddress)>();
        foreach (var target in targets)
            questions.Add((link, target));
        var found = AddressDetection.Find(questions, Wait);
        foreach (var duplicate in found)
            Report($"{duplicate.Address} is detected on another computer: {duplicate.Owner}");
        return found.Count > 0 ? Received : Success;
    }

    private static IpAddress? FirstAddress(RouteSocket socket, LinkInfo link)
    {
        foreach (var known in socket.Addresses(link.Index))
        {
            if (known.Address.Family == IpFamily.IPv4)
                return known.Address;
        }
        return null;
    }

    private static IpAddress Address(string text)
        => IpAddress.TryParse(text, out var address) ? address : throw new InsulaException(ExitCode.BadAddress, $"Bad IP address \"{text}\"");

    private static MacAddress? Mac(string? text)
    {
        if (text is null)
            return null;
        if (text == "broadcast")
            return ArpPacket.Broadcast;
        return MacAddress.TryParse(text, out var mac) ? mac : throw new InsulaException(ExitCode.BadValue, $"Bad hardware address \"{text}\"");
    }
}
