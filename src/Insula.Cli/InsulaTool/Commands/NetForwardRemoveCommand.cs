using Insula.Cli.Options;
using Insula.Engine.Containers;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetForwardRemoveCommand : InsulaCommand
{
    private static readonly Option Address = new("address", "The one on this address of the host") { Argument = "HOSTADDRESS" };

    public override string Name => "net forward remove";

    public override string Operands => "CTID|NAME tcp|udp HOSTPORT[-LAST] | all";

    public override string Summary => "End a forward of a port to a container, or all";

    public override IReadOnlyList<Option> Options { get; } = [Address];

    public override int OperandCount => 2;

    public override int MaximumOperands => 3;

    public override int Run(InsulaCall call)
    {
        var words = new List<string>(Words.After(call.Arguments.Operands, 1));
        if (call.Arguments.ValueOf(Address) is { } address)
            words.Add($"address={address}");
        return ContainerSettings.Set(call, this, new OptionValue("forward_del", string.Join(' ', words)));
    }
}
