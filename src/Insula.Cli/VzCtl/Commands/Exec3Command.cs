namespace Insula.Cli.VzCtl.Commands;

internal sealed class Exec3Command : ExecuteCommand
{
    public override string Name => "exec3";

    public override string Summary => "Run a program in a container without a shell and exit with its code";

    public override int Run(VzCtlCall call) => Execute(call, shell: false);
}
