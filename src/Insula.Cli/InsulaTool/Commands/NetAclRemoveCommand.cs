using Insula.Engine.Containers;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class NetAclRemoveCommand : InsulaCommand
{
    public override string Name => "net acl remove";

    public override string Operands => "CTID|NAME NUMBER|all";

    public override string Summary => "Remove a rule for a container's packets by its number, or all";

    public override int OperandCount => 2;

    public override int Run(InsulaCall call) => ContainerSettings.Set(call, this, new OptionValue("acl_del", call.Arguments.Operands[1]));
}
