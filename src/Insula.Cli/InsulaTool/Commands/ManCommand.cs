using Insula.Cli.Help;
using Insula.Engine;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class ManCommand : InsulaCommand
{
    public override string Name => "man";

    public override string Operands => "vzctl|vzlist|vzpid|vzquota|vzdqcheck|vzdqdump|vzdqload|insula";

    public override string Summary => "Print the manual page of a program, in roff";

    public override int OperandCount => 1;

    public override bool NeedsRoot => false;

    public override int Run(InsulaCall call)
    {
        var name = call.Arguments.Operands[0];
        var manual = Manuals.Find(name) ?? throw new InsulaException(ExitCode.BadValue, $"There is no manual page of \"{name}\"", $"Accepted: {Operands}");
        ManPage.Write(call.Output, manual);
        return 0;
    }
}
