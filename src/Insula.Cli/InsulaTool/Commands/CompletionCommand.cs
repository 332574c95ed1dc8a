using Insula.Cli.Help;
using Insula.Engine;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class CompletionCommand : InsulaCommand
{
    public override string Name => "completion";

    public override string Operands => "bash";

    public override string Summary => "Print the completion script of a shell";

    public override int OperandCount => 1;

    public override bool NeedsRoot => false;

    public override int Run(InsulaCall call)
    {
        var shell = call.Arguments.Operands[0];
        if (shell != "bash")
            throw new InsulaException(ExitCode.BadValue, $"There is no completion for \"{shell}\"", "Accepted: bash");
        BashCompletion.Write(call.Output);
        return 0;
    }
}
