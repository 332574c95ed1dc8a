using Insula.Cli.Options;
using Insula.Engine.Containers;

namespace Insula.Cli.VzCtl.Commands;

internal sealed class EnterCommand : VzCtlCommand
{
    private static readonly Option Type = new("exec", "Type a command into the shell first; the rest of the line is the command")
    {
        Argument = "COMMAND [ARGUMENT...]",
        TakesRest = true,
    };

    public override string Name => "enter";

    public override string Summary => "Open a root shell in a container";

    public override IReadOnlyList<string> Notes => ["The shell stays open after a command given by --exec unless logout is part of it."];

    public override IReadOnlyList<Option> Options { get; } = [Type];

    public override int Run(VzCtlCall call)
    {
        var first = call.Arguments.ValueOf(Type);
        var typed = first is null ? null : string.Join(' ', [first, .. call.Arguments.Rest]);
        call.Output.Flush();
        return call.Engine.Enter(call.Ctid, new EnterRequest { Type = typed });
    }
}
