using Insula.Engine;
using Insula.Engine.Containers;

namespace Insula.Cli.VzCtl;

/// <summary>What exec, exec2 and exec3 have in common: every word after the container is the command's, whatever it looks like.</summary>
internal abstract class ExecuteCommand : VzCtlCommand
{
    public override string Operands => "COMMAND [ARGUMENT...]";

    public override int MaximumOperands => int.MaxValue;

    public override bool TakesCommandLine => true;

    /// <summary>Runs the words and gives back the command's own exit code.</summary>
    protected static int Execute(VzCtlCall call, bool shell)
    {
        if (call.Arguments.Operands.Count == 0)
            throw new InsulaException(ExitCode.BadSyntax, "No command is given", "Name the command after the container: vzctl exec 101 uptime");
        call.Output.Flush();
        return call.Engine.Execute(call.Ctid, new ExecuteRequest { Command = call.Arguments.Operands, Shell = shell });
    }
}
