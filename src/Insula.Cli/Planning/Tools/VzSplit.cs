using System.Globalization;
using Insula.Cli.Options;
using Insula.Cli.Planning.Json;
using Insula.Engine;
using Insula.Engine.Configuration;
using Insula.Engine.Host;
using Insula.Engine.Planning.Splitting;

namespace Insula.Cli.Planning.Tools;

/// <summary><c>vzsplit [-n N] [-f NAME] [-s SWAP_KB] [-v yes|no]</c>: a sample for one of N equal containers on this host.</summary>
internal sealed class VzSplit : PlanningTool
{
    private const int MostContainers = 100_000;
    private const long MostSwapKiB = 1L << 50;

    private static readonly Option Number = new("number", "How many containers there are to be; asked for if not given") { Letter = 'n', Argument = "N" };
    private static readonly Option Sample = new("file", "Write the sample ve-NAME.conf-sample instead of showing it") { Letter = 'f', Argument = "NAME" };
    private static readonly Option Swap = new("swap", "Divide that much swap, in KiB, instead of what the host has now") { Letter = 's', Argument = "SWAP_KB" };
    private static readonly Option Vswap = PlanningOptions.Vswap("Whether the sample sets memory and swap (yes, the default) or every beancounter");

    public override string Name => "vzsplit";

    public override string Summary => "divide the host into equal containers";

    public override IReadOnlyList<string> Synopsis => ["vzsplit [-n N] [-f NAME] [-s SWAP_KB] [-v yes|no] [--json]"];

    public override IReadOnlyList<string> Description =>
    [
        "Calculates from the host's memory, swap, disk and greatest number of threads what each of N equal containers can have, so that the host stands it when all of them take what they are allowed to, and shows a sample configuration. A comment in it says how tight that is.",
        "With -f it becomes a sample for vzctl create --config NAME; one that exists already is not overwritten. Nothing is written if the host has not enough for so many containers.",
    ];

    public override IReadOnlyList<Option> Options { get; } = [Number, Sample, Swap, Vswap];

    public override bool NeedsRoot(ParsedArguments arguments) => false;

    public override int Run(PlanningCall call)
    {
        var vswap = PlanningOptions.YesNo(call.Arguments, Vswap) ?? true;
        var host = call.Host.Resources();
        if (call.Arguments.NumberOf(Swap, 0, MostSwapKiB) is { } swap)
            host = host with { Swap = swap * 1024 };
        var containers = (int)(call.Arguments.NumberOf(Number, 1, MostContainers) ?? Ask(call));
        var layout = call.GlobalIfAny?.Layout ?? HostLayout.Default;
        var split = HostSplit.Make(host, containers, call.Host.DiskKiB(layout.PrivatePattern));
        var text = SplitSample.Of(split, vswap);
        var path = call.Arguments.ValueOf(Sample) is { } name ? SampleFile.Write(call.Store, name, text) : null;
        if (call.IsJson)
            PlanningJson.Write(call.Output, new SplitJson(containers, split.Level.Number, split.Level.Text, vswap, path, ParametersOf(text)));
        else if (path is null)
            call.Output.Write(text);
        else
            call.Output.WriteLine($"Config {path} was created");
        return 0;
    }

    // Asked on standard error: the sample goes to standard output.
    private static long Ask(PlanningCall call)
    {
        call.Host.Error.Write("Enter the number of containers: ");
        call.Host.Error.Flush();
        using var input = call.Host.Input();
        var answer = input.ReadLine()?.Trim() ?? "";
        return long.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostContainers
            ? number
            : throw new InsulaException(ExitCode.BadValue, $"Bad number of containers \"{answer}\"", $"Accepted: a number from 1 to {MostContainers}");
    }

    private static Dictionary<string, string> ParametersOf(string text)
    {
        var file = ConfigFile.Parse("sample", System.Text.Encoding.UTF8.GetBytes(text));
        return file.Keys.ToDictionary(key => key, key => file.Get(key)!);
    }
}
