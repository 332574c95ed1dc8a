using Insula.Cli.Help;
using Insula.Engine;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class ManCommand : InsulaCommand
{
    public override string Name => "man";

    public override string Operands => "PROGRAM";

    public override string Summary => "Print the manual page of a program, in roff";

    public override int OperandCount => 1;

    public override bool NeedsRoot => false;

    public override int Run(InsulaCall call)
    {
        var name = call.Arguments.Operands[0];
        var manual = Manuals.Find(name) ?? throw new InsulaException(ExitCode.BadValue, $"There is no manual page of \"{name}\"", "Accepted: vzctl, insula and the programs that they name");
        ManPage.Write(call.Output, manual);
        return 0;
    }
}
