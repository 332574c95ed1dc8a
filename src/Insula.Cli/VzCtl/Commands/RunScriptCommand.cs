using Insula.Engine;

namespace Insula.Cli.VzCtl.Commands;

internal sealed class RunScriptCommand : VzCtlCommand
{
    public override string Name => "runscript";

    public override string Operands => "SCRIPT";

    public override string Summary => "Run a script of the host in a container, running or not";

    public override IReadOnlyList<string> Notes => ["A stopped container is mounted for it and gets no init; the exit code is the script's."];

    public override int MaximumOperands => 1;

    public override int Run(VzCtlCall call)
    {
        if (call.Arguments.Operands.Count == 0)
            throw new InsulaException(ExitCode.BadSyntax, "No script is given", "Name a file of the host: vzctl runscript 101 setup.sh");
        call.Output.Flush();
        return call.Engine.RunScript(call.Ctid, call.Arguments.Operands[0]);
    }
}
