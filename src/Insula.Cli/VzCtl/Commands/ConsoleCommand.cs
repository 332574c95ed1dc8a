using System.Globalization;
using Insula.Engine;

namespace Insula.Cli.VzCtl.Commands;

internal sealed class ConsoleCommand : VzCtlCommand
{
    private const int MostConsoles = 12; // tty1 to tty12, as OpenVZ's kernel had

    public override string Name => "console";

    public override string Operands => "[TTY]";

    public override string Summary => "Connect to a container's console, 1 if no number is given";

    public override IReadOnlyList<string> Notes => ["Works for a stopped container too. Esc . at the start of a line leaves it, Esc ! ends what runs on it."];

    public override int MaximumOperands => 1;

    public override int Run(VzCtlCall call)
    {
        var number = call.Arguments.Operands.Count == 0 ? 1 : Parse(call.Arguments.Operands[0]);
        call.Output.Flush();
        return VzCtlCall.Done(() => call.Engine.AttachConsole(call.Ctid, number));
    }

    private static int Parse(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostConsoles
            ? number
            : throw new InsulaException(ExitCode.BadValue, $"Bad console number \"{text}\"", $"Accepted: a number from 1 to {MostConsoles}");
}
