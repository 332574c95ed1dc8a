using Insula.Cli.Options;
using Insula.Engine;
using Insula.Engine.Containers;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetAclPolicyCommand : InsulaCommand
{
    private static readonly Option In = new("in", "Of those to the container") { Argument = "allow|deny", Choices = ["allow", "deny"] };
    private static readonly Option Out = new("out", "Of those from it") { Argument = "allow|deny", Choices = ["allow", "deny"] };
    private static readonly Option Log = new("log", "Whether those that do not pass are logged") { Argument = "yes|no", Choices = ["yes", "no"] };

    public override string Name => "net acl policy";

    public override string Operands => "CTID|NAME";

    public override string Summary => "Set what becomes of a container's packets that no rule fits";

    public override IReadOnlyList<string> Notes =>
    [
        "By default they pass. With deny they are dropped, but for answers within a connection that was allowed, neighbour discovery and ARP, and DHCP where the container has --dhcp yes.",
    ];

    public override IReadOnlyList<Option> Options { get; } = [In, Out, Log];

    public override int OperandCount => 1;

    public override int Run(InsulaCall call)
    {
        var parts = new List<string>();
        foreach (var (option, key) in ((Option, string)[])[(In, "in"), (Out, "out"), (Log, "log")])
        {
            if (call.Arguments.ValueOf(option) is { } value)
                parts.Add($"{key}={value}");
        }
        if (parts.Count == 0)
            throw new InsulaException(ExitCode.BadSyntax, $"insula {Name} needs --in, --out or --log", $"See insula {Name} --help");
        return ContainerSettings.Set(call, this, new OptionValue("acl_policy", string.Join(',', parts)));
    }
}
