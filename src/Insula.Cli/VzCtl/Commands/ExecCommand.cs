using Insula.Engine;

namespace Insula.Cli.VzCtl.Commands;

internal sealed class ExecCommand : ExecuteCommand
{
    public override string Name => "exec";

    public override string Operands => "COMMAND [ARGUMENT...] | -";

    public override string Summary => "Run a shell command in a container; any failure of it is exit code 8";

    public override IReadOnlyList<string> Notes =>
        ["The words are joined by blanks and given to the container's shell; - takes a script from standard input."];

    public override int Run(VzCtlCall call) => Execute(call, shell: true) == 0 ? 0 : (int)ExitCode.CommandFailed;
}
