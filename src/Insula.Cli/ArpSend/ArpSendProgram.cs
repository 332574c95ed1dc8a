using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine;
using Insula.Engine.Network;

namespace Insula.Cli.ArpSend;

/// <summary>
/// <c>arpsend</c>: announces addresses (-U), looks for duplicates (-D), sends requests (-Q) and replies (-P), with the options and exit codes of OpenVZ's.
/// </summary>
internal static class ArpSendProgram
{
    private const int Usage = 1, SystemFailure = 2;

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

    private static int Run(ParsedArguments arguments, CliHost host) => new ArpSender
    {
        Detects = arguments.Has(Detect),
        Requests = arguments.Has(Request),
        Replies = arguments.Has(Reply),
        Count = arguments.ValueOf(Count) is null ? long.MaxValue : arguments.NumberOf(Count, 1, int.MaxValue)!.Value,
        Wait = TimeSpan.FromSeconds(arguments.NumberOf(Timeout, 0, 3600) ?? 1),
        FrameSource = arguments.ValueOf(SourceHardware),
        FrameTarget = arguments.ValueOf(TargetHardware),
        SenderMac = arguments.ValueOf(SourceArp),
        TargetMac = arguments.ValueOf(TargetArp),
        Source = arguments.ValueOf(Source),
        Targets = arguments.ValuesOf(Target),
        AtOnce = arguments.Has(AtOnce),
        Force = arguments.Has(Force),
        Report = text => host.Error.WriteLine($"arpsend: {text}"),
    }.Run(arguments.Operands[0]);
}
