using Insula.Cli.Help;
using Insula.Engine;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class CompletionCommand : InsulaCommand
{
    public override string Name => "completion";

    public override string Operands => "bash [PROGRAM]";

    public override string Summary => "Print the completion script of a shell, for all programs or one";

    public override int OperandCount => 1;

    public override int MaximumOperands => 2;

    public override bool NeedsRoot => false;

    public override int Run(InsulaCall call)
    {
        var shell = call.Arguments.Operands[0];
        if (shell != "bash")
            throw new InsulaException(ExitCode.BadValue, $"There is no completion for \"{shell}\"", "Accepted: bash");
        foreach (var program in Programs(call.Arguments.Operands))
            BashCompletion.Write(call.Output, program);
        return 0;
    }

    private static IReadOnlyList<string> Programs(List<string> operands)
    {
        if (operands.Count == 1)
            return BashCompletion.Programs;
        foreach (var program in BashCompletion.Programs)
        {
            if (program == operands[1])
                return [program];
        }
        throw new InsulaException(ExitCode.BadValue, $"There is no completion for \"{operands[1]}\"", $"Accepted: {string.Join(", ", BashCompletion.Programs)}");
    }
}
