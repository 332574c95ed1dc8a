using System.Globalization;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine;
using Insula.Engine.Containers;

namespace Insula.Cli.InsulaTool.Commands;

internal sealed class EventsCommand : InsulaCommand
{
    private static readonly Option Json = new("json", "Show JSON, one object a line");
    private static readonly Option Since = new("since", "Begin with the event of this number, as far as it is still there") { Argument = "N" };

    public override string Name => "events";

    public override string Operands => "[CTID|NAME...]";

    public override string Summary => "Show what happens to containers, until interrupted";

    public override IReadOnlyList<string> Notes =>
    [
        "The events are insulad's; it must run. When it is restarted or replaced, the command goes on with the next event. Without --since events from now on are shown.",
    ];

    public override IReadOnlyList<Option> Options { get; } = [Json, Since];

    public override int MaximumOperands => 256;

    public override int Run(InsulaCall call)
    {
        var engine = call.Host.Engines.OpenEngine(call.Global, call.Reporter, new EngineOptions(SkipLock: false, call.Cancellation));
        var containers = new HashSet<Ctid>();
        foreach (var operand in call.Arguments.Operands)
            containers.Add(engine.Resolve(operand));
        foreach (var item in engine.ReadEvents(ParseSince(call.Arguments.ValueOf(Since)), containers))
        {
            call.Output.WriteLine(call.Arguments.Has(Json) ? item.Json : PlainText.OneLine(item.ToString()));
            call.Output.Flush();
        }
        return 0;
    }

    private static long? ParseSince(string? text)
        => text is null ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var since) ? since
            : throw new InsulaException(ExitCode.BadValue, $"Bad event number \"{text}\"", "Accepted: 0 and above");
}
