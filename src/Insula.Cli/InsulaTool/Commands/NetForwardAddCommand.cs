using Insula.Cli.Options;
using Insula.Engine.Containers;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetForwardAddCommand : InsulaCommand
{
    private static readonly Option Address = new("address", "Only on this address of the host") { Argument = "HOSTADDRESS" };
    private static readonly Option To = new("to", "To this address of the container; without, its first one of the same IP protocol") { Argument = "ADDRESS" };

    public override string Name => "net forward add";

    public override string Operands => "CTID|NAME tcp|udp HOSTPORT[-LAST] [PORT[-LAST]]";

    public override string Summary => "Let a port of the host lead to a port of a container";

    public override IReadOnlyList<string> Notes =>
    [
        "By IPv4 and IPv6, for connections from outside, from the host itself (but to its loopback addresses) and from containers. A range leads to one of equal length; without PORT to the same numbers. "
        + "The container sees the true sender, unless it sits behind the same link. Its rules (net acl) apply and see the container's port.",
        "A running container is changed at once, and the forward is stored in its configuration (FORWARD).",
    ];

    public override IReadOnlyList<Option> Options { get; } = [Address, To];

    public override int OperandCount => 3;

    public override int MaximumOperands => 4;

    public override int Run(InsulaCall call)
    {
        var words = new List<string>(Words.After(call.Arguments.Operands, 1));
        if (call.Arguments.ValueOf(Address) is { } address)
            words.Add($"address={address}");
        if (call.Arguments.ValueOf(To) is { } to)
            words.Add($"to={to}");
        return ContainerSettings.Set(call, this, new OptionValue("forward_add", string.Join(' ', words)));
    }
}
