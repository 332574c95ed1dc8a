using System.Diagnostics;
using System.Globalization;
using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine;
using Insula.Engine.Network;
using Insula.Linux.Netlink;
using Insula.Linux.Packets;

namespace Insula.Cli.ArpSend;

/// <summary>
/// <c>arpsend</c>: announces addresses (-U), looks for duplicates (-D), sends requests (-Q) and replies (-P), with the options and exit codes of OpenVZ's.
/// </summary>
internal static class ArpSendProgram
{
    private const int Success = 0, Usage = 1, SystemFailure = 2, Received = 3, NotReceived = 4;

    private static readonly Option Update = new("update", "Announce the address of -i") { Letter = 'U' };
    private static readonly Option Detect = new("detect", "Look whether somebody has the addresses of -e") { Letter = 'D' };
    private static readonly Option Request = new("request", "Send requests for the addresses of -e") { Letter = 'Q' };
    private static readonly Option Reply = new("reply", "Send replies") { Letter = 'P' };
    private static readonly Option Count = new("count", "Send so many times; without it, until there is an answer") { Letter = 'c', Argument = "N" };
    private static readonly Option Timeout = new("timeout", "Wait so many seconds after each; 1 without it") { Letter = 'w', Argument = "SECONDS" };
    private static readonly Option SourceHardware = new("src-hw", "Source address of the frame") { Letter = 's', Argument = "MAC" };
    private static readonly Option TargetHardware = new("trg-hw", "Destination address of the frame") { Letter = 't', Argument = "MAC" };
    private static readonly Option SourceArp = new("src-arp", "Sender's hardware address in the message") { Letter = 'S', Argument = "MAC" };
    private static readonly Option TargetArp = new("trg-arp", "Target's hardware address in the message") { Letter = 'T', Argument = "MAC" };
    private static readonly Option Source = new("src-ip", "Sender's address") { Letter = 'i', Argument = "ADDRESS" };
    private static readonly Option Target = new("trg-ip", "Target's address; may be repeated") { Letter = 'e', Argument = "ADDRESS" };
    private static readonly Option AtOnce = new("at-once", "End with the first answer") { Letter = 'o' };
    private static readonly Option Force = new("force", "Also on a link without an address") { Letter = 'f' };
    private static readonly Option Verbose = new("verbose", "Say more") { Letter = 'v' };

    /// <summary>The options of arpsend.</summary>
    public static IReadOnlyList<Option> Options { get; } =
        [Update, Detect, Request, Reply, Count, Timeout, SourceHardware, TargetHardware, SourceArp, TargetArp, Source, Target, AtOnce, Force, Verbose];

    /// <summary>Runs arpsend.</summary>
    /// <param name="words">The arguments.</param>
    /// <param name="host">The process around it.</param>
    public static int Run(IReadOnlyList<string> words, CliHost host)
    {
        var arguments = OptionParser.Parse(words, Options, "man arpsend");
        var modes = 0;
        foreach (var mode in (Option[])[Update, Detect, Request, Reply])
            modes += arguments.Has(mode) ? 1 : 0;
        if (arguments.Error is not null || modes != 1 || arguments.Operands.Count != 1
            || (arguments.Has(Detect) && !arguments.Has(Target)) || (arguments.Has(Update) && !arguments.Has(Source)))
            return ShowUsage(host);
        using var reporter = new ConsoleReporter(host.Output, host.Error, quiet: false, host.IsTerminal);
        var code = SystemFailure;
        var failed = ErrorGuard.Run(reporter, () => 0, () =>
        {
            code = Run(arguments, host);
            return 0;
        });
        return failed == 0 ? code : SystemFailure;
    }

    private static int ShowUsage(CliHost host)
    {
        host.Error.WriteLine("Usage: arpsend <-U -i <src_ip_addr> | -D -e <trg_ip_addr> [-e <trg_ip_addr>] ...> [-c <count>] [-w <timeout>] interface_name");
        return Usage;
    }

    private static int Run(ParsedArguments arguments, CliHost host)
    {
        using var socket = RouteSocket.Open();
        var link = socket.FindLink(InterfaceName.Parse(arguments.Operands[0]).Value)
            ?? throw new InsulaException(ExitCode.SystemError, $"Unknown network interface {arguments.Operands[0]}");
        if (!link.IsUp || link.Mac is null || (link.Flags & (LinkFlags.NoArp | LinkFlags.Loopback | LinkFlags.Slave)) != 0)
            throw new InsulaException(ExitCode.SystemError, $"Network interface {link.Name} is {(link.IsUp ? "not ARPable" : "down")}");
        var targets = new List<IpAddress>();
        foreach (var text in arguments.ValuesOf(Target))
            targets.Add(Address(text));
        IpAddress? source = arguments.ValueOf(Source) is { } own ? Address(own) : null;
        if (source is { Family: IpFamily.IPv6 } announced)
        {
            AddressAnnouncement.Send(socket, link, announced);
            return Success;
        }
        if (targets.Exists(target => target.Family == IpFamily.IPv6))
            return arguments.Has(Detect) ? Detection(link, targets, Seconds(arguments), host) : Success;
        var first = FirstAddress(socket, link);
        if (first is null && !arguments.Has(Force))
            throw new InsulaException(ExitCode.SystemError, $"Cannot get the IP address of network interface {link.Name}", "send all the same: -f");
        return Exchange(arguments, link, source ?? first ?? new IpAddress(IpFamily.IPv4, 0), targets, host);
    }

    private static int Exchange(ParsedArguments arguments, LinkInfo link, IpAddress source, List<IpAddress> targets, CliHost host)
    {
        var waits = arguments.Has(Detect) || arguments.Has(Request);
        var atOnce = arguments.Has(AtOnce) || (arguments.Has(Detect) && targets.Count <= 1);
        if (targets.Count == 0)
            targets.Add(source);
        using var packets = new PacketSocket(link, ArpPacket.EtherType);
        using var set = new Linux.Polling.PollSet();
        set.Add(packets.Descriptor, Linux.Polling.PollEvents.Input);
        var count = arguments.ValueOf(Count) is null ? long.MaxValue : arguments.NumberOf(Count, 1, int.MaxValue)!.Value;
        var answers = 0;
        for (var sent = 0L; sent < count; sent++)
        {
            foreach (var target in targets)
                packets.Send(Frame(arguments, link, source, target));
            if (!waits && sent == count - 1)
                return Success;
            answers += Listen(packets, set, link, targets, Seconds(arguments), atOnce, host);
            if (answers > 0 && atOnce)
                break;
        }
        return arguments.Has(Request) ? (answers > 0 ? Success : NotReceived) : answers > 0 ? Received : Success;
    }

    private static byte[] Frame(ParsedArguments arguments, LinkInfo link, IpAddress source, IpAddress target)
    {
        var frameTarget = Mac(arguments, TargetHardware) ?? ArpPacket.Broadcast;
        var frameSource = Mac(arguments, SourceHardware) ?? link.Mac!.Value;
        var packet = new ArpPacket(arguments.Has(Reply), Mac(arguments, SourceArp) ?? frameSource, source, Mac(arguments, TargetArp) ?? frameTarget, target);
        return packet.ToFrame(frameTarget, frameSource);
    }

    private static int Listen(
        PacketSocket packets, Linux.Polling.PollSet set, LinkInfo link, List<IpAddress> targets, TimeSpan wait, bool atOnce, CliHost host)
    {
        var answers = 0;
        var ready = new List<(int, Linux.Polling.PollEvents)>();
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < wait;)
        {
            set.Wait((int)Math.Max(1, (wait - waited.Elapsed).TotalMilliseconds), ready);
            for (var frame = packets.TryReceive(); !frame.IsEmpty; frame = packets.TryReceive())
            {
                if (!ArpPacket.TryParse(frame, out var packet) || packet.SenderMac == link.Mac || !targets.Contains(packet.SenderAddress))
                    continue;
                host.Error.WriteLine($"arpsend: {packet.SenderAddress} is detected on another computer: {packet.SenderMac}");
                answers++;
                if (atOnce)
                    return answers;
            }
        }
        return answers;
    }

    private static int Detection(LinkInfo link, List<IpAddress> targets, TimeSpan wait, CliHost host)
    {
        var questions = new List<(LinkInfo, IpAddress)>();
        foreach (var target in targets)
            questions.Add((link, target));
        var found = AddressDetection.Find(questions, wait);
        foreach (var duplicate in found)
            host.Error.WriteLine($"arpsend: {duplicate.Address} is detected on another computer: {duplicate.Owner}");
        return found.Count > 0 ? Received : Success;
    }

    private static TimeSpan Seconds(ParsedArguments arguments) => TimeSpan.FromSeconds(arguments.NumberOf(Timeout, 0, 3600) ?? 1);

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

    private static MacAddress? Mac(ParsedArguments arguments, Option option)
    {
        if (arguments.ValueOf(option) is not { } text)
            return null;
        if (text == "broadcast")
            return ArpPacket.Broadcast;
        return MacAddress.TryParse(text, out var mac) ? mac : throw new InsulaException(ExitCode.BadValue, $"Bad hardware address \"{text}\"");
    }
}
