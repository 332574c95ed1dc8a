using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine;
using Insula.Engine.Containers;
using Insula.Engine.Network.Traffic;

namespace Insula.Cli.Traffic;

/// <summary><c>vznetstat [-4|-6] [-v CTID] [-c CLASS] [-a] [-r]</c>: what containers have sent and got.</summary>
internal static class VzNetStatProgram
{
    private static readonly Option OnlyIPv4 = new("ipv4", "Show IPv4 alone") { Letter = '4' };
    private static readonly Option OnlyIPv6 = new("ipv6", "Show IPv6 alone") { Letter = '6' };
    private static readonly Option Container = new("container", "Show this container alone; may be repeated") { Letter = 'v', Argument = "CTID|NAME" };
    private static readonly Option Class = new("class", "Show this class alone; may be repeated") { Letter = 'c', Argument = "CLASS" };
    private static readonly Option AllClasses = new("all", "Show all classes, 0 to 15") { Letter = 'a' };
    private static readonly Option Rounded = new("round", "Show K, M and G of 1024, 1024 K and 1024 M bytes instead of bytes") { Letter = 'r' };
    private static readonly Option Json = new("json", "Show JSON, IPv4 and IPv6 apart");
    private static readonly Option Version = new("version", "Show the version");
    private static readonly Option Help = new("help", "Show this help") { Letter = 'h' };

    /// <summary>The options of vznetstat.</summary>
    public static IReadOnlyList<Option> Options { get; } = [OnlyIPv4, OnlyIPv6, Container, Class, AllClasses, Rounded, Json, Version, Help];

    /// <summary>Runs vznetstat.</summary>
    /// <param name="words">The arguments.</param>
    /// <param name="invalid">The index of the first argument that is not UTF-8, or -1.</param>
    /// <param name="host">The process around it.</param>
    public static int Run(IReadOnlyList<string> words, int invalid, CliHost host)
    {
        using var reporter = new ConsoleReporter(host.Output, host.Error, quiet: false, host.IsTerminal);
        return ErrorGuard.Run(reporter, () => 0, () => Run(words, invalid, host, reporter));
    }

    private static int Run(IReadOnlyList<string> words, int invalid, CliHost host, ConsoleReporter reporter)
    {
        var arguments = OptionParser.Parse(words, Options, "vznetstat --help");
        if (arguments.Has(Help))
        {
            UsageText.WriteProgram(host.Output, Manuals.VzNetStat());
            return 0;
        }
        if (arguments.Has(Version))
        {
            host.Output.WriteLine(ProductVersion.LineOf("vznetstat"));
            return 0;
        }
        if (invalid >= 0)
            throw new InsulaException(ExitCode.BadSyntax, $"Argument {invalid + 1}, \"{words[invalid]}\", is not UTF-8 text");
        if (arguments.Error is { } error)
            throw error;
        if (arguments.Operands.Count > 0)
            throw new InsulaException(ExitCode.BadSyntax, $"Unexpected \"{arguments.Operands[0]}\"", "a container is named with -v; see vznetstat --help");
        var classes = ClassesAskedFor(arguments);
        RootCheck.Demand(host, "vznetstat");
        var traffic = host.Engines.OpenTraffic(host.Global, reporter);
        Show(arguments, classes, Known(traffic, reporter), host, traffic);
        return 0;
    }

    // What has been counted can be shown whatever somebody has written into the file.
    private static IReadOnlyList<NetworkClass> Known(ITrafficEngine traffic, ConsoleReporter reporter)
    {
        try
        {
            return traffic.Classes();
        }
        catch (InsulaException error)
        {
            reporter.Warning(error.Message);
            return [];
        }
    }

    private static void Show(ParsedArguments arguments, IReadOnlyList<int>? asked, IReadOnlyList<NetworkClass> inForce, CliHost host, ITrafficEngine traffic)
    {
        TrafficFamily[] families = arguments.Has(OnlyIPv4) == arguments.Has(OnlyIPv6) ? [TrafficFamily.IPv4, TrafficFamily.IPv6] : arguments.Has(OnlyIPv4) ? [TrafficFamily.IPv4] : [TrafficFamily.IPv6];
        var containers = arguments.ValuesOf(Container) is { Count: > 0 } names
            ? [.. names.Select(traffic.Resolve).Distinct().Select(ctid => (ctid, traffic.Read(ctid)))]
            : traffic.ReadAll();
        var known = inForce.Where(each => families.Contains(each.Family)).Select(each => each.Number).Append(0).Append(NetworkClasses.Default).ToHashSet();
        IEnumerable<int> Rows(TrafficTable of) => Enumerable.Range(0, TrafficTable.Classes).Where(number => asked?.Contains(number) ?? (known.Contains(number) || !of.IsEmpty(number)));
        if (arguments.Has(Json))
            host.Output.WriteLine(NetStatJson.Of(containers, Rows, families));
        else
            NetStatTable.Write(host.Output, containers, Rows, families, arguments.Has(Rounded));
    }

    // Null: those that are known.
    private static List<int>? ClassesAskedFor(ParsedArguments arguments)
    {
        if (arguments.Has(AllClasses))
            return [.. Enumerable.Range(0, TrafficTable.Classes)];
        if (!arguments.Has(Class))
            return null;
        var classes = new List<int>();
        foreach (var text in arguments.ValuesOf(Class))
        {
            if (!int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) || number >= TrafficTable.Classes)
                throw new InsulaException(ExitCode.BadValue, $"Bad value \"{text}\" for --class", $"Accepted: a number from 0 to {TrafficTable.Classes - 1}");
            classes.Add(number);
        }
        return classes;
    }
}
