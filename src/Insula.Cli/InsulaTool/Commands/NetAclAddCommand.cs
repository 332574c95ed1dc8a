using Insula.Cli.Options;
using Insula.Engine.Containers;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetAclAddCommand : InsulaCommand
{
    private static readonly Option Port = new("port", "Only to these ports: 22,80,8000-8100; may be repeated") { Argument = "PORT[-LAST],..." };
    private static readonly Option From = new("from", "Only from these networks, or @SET; may be repeated") { Argument = "NETWORK|@SET,..." };
    private static readonly Option To = new("to", "Only to these networks, or @SET; may be repeated") { Argument = "NETWORK|@SET,..." };
    private static readonly Option Log = new("log", "Write each packet to the kernel's log, as far as the container's share of it goes");
    private static readonly Option At = new("at", "Put it before the rule that has this number; without, after all") { Argument = "N" };

    public override string Name => "net acl add";

    public override string Operands => "CTID|NAME in|out allow|deny PROTOCOL";

    public override string Summary => "Add a rule for a container's packets, which it cannot see or change";

    public override IReadOnlyList<string> Notes =>
    [
        "Rules are looked at in the order of their numbers, those of packets to the container (in) and from it (out) apart; the first that fits decides, and what none fits is left to the policy. "
        + "Answers within a connection that was allowed need no rule. PROTOCOL is tcp, udp, icmp, icmpv6, sctp, udplite, any, or a number. Ports are those that a packet goes to, and after a forward the container's.",
        "A running container is changed at once, and the rule is stored in its configuration (ACL).",
    ];

    public override IReadOnlyList<Option> Options { get; } = [Port, From, To, Log, At];

    public override int OperandCount => 4;

    public override int Run(InsulaCall call)
    {
        var arguments = call.Arguments;
        var words = new List<string>(Words.After(arguments.Operands, 1));
        foreach (var (option, key) in ((Option, string)[])[(Port, "port"), (From, "from"), (To, "to"), (At, "at")])
        {
            foreach (var value in arguments.ValuesOf(option))
                words.Add($"{key}={value.Replace(" ", "", StringComparison.Ordinal)}");
        }
        if (arguments.Has(Log))
            words.Add("log");
        return ContainerSettings.Set(call, this, new OptionValue("acl_add", string.Join(' ', words)));
    }
}
