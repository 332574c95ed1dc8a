namespace Insula.Cli.VzCtl.Commands;

internal sealed class Exec2Command : ExecuteCommand
{
    public override string Name => "exec2";

    public override string Operands => "COMMAND [ARGUMENT...] | -";

    public override string Summary => "Run a shell command in a container and exit with its code";

    public override int Run(VzCtlCall call) => Execute(call, shell: true);
}
