using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine;
using Insula.Engine.Network.Traffic;

namespace Insula.Cli.Traffic;

/// <summary><c>vztactl COMMAND [operand]</c>: classes of traffic, and what has been counted.</summary>
internal static class VzTaCtlProgram
{
    private static readonly Option Version = new("version", "Show the version");
    private static readonly Option Help = new("help", "Show this help") { Letter = 'h' };

    /// <summary>The options of vztactl.</summary>
    public static IReadOnlyList<Option> Options { get; } = [Version, Help];

    /// <summary>The commands, for help.</summary>
    public static IReadOnlyList<(string, string)> Commands { get; } =
    [
        ("class_load [FILE]", "Put the classes of FILE into force, until the host is started anew; without FILE those of networks_classes."),
        ("class_unload", "Put everything but containers' own addresses into class 1, until the host is started anew or class_load."),
        ("class_list", "Show the classes that are in force, the widest networks first."),
        ("reset_ve_stat CTID|NAME", "Count the traffic of a container from 0 again."),
        ("reset_all_stat", "Count the traffic of all containers from 0 again."),
    ];

    /// <summary>Runs vztactl.</summary>
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
        var arguments = OptionParser.Parse(words, Options, "vztactl --help");
        if (arguments.Has(Help))
        {
            UsageText.WriteProgram(host.Output, Manuals.VzTaCtl());
            return 0;
        }
        if (arguments.Has(Version))
        {
            host.Output.WriteLine(ProductVersion.LineOf("vztactl"));
            return 0;
        }
        if (invalid >= 0)
            throw new InsulaException(ExitCode.BadSyntax, $"Argument {invalid + 1}, \"{words[invalid]}\", is not UTF-8 text");
        if (arguments.Error is { } error)
            throw error;
        RootCheck.Demand(host, "vztactl");
        Do(arguments.Operands, host, host.Engines.OpenTraffic(host.Global, reporter));
        return 0;
    }

    private static void Do(List<string> words, CliHost host, ITrafficEngine traffic)
    {
        switch (words)
        {
            case ["class_load"]:
                traffic.LoadClasses(null);
                break;
            case ["class_load", var file]:
                traffic.LoadClasses(file);
                break;
            case ["class_unload"]:
                traffic.UnloadClasses();
                break;
            case ["class_list"]:
                foreach (var each in traffic.Classes())
                    host.Output.WriteLine(each.ToString());
                break;
            case ["reset_ve_stat", var container]:
                traffic.Reset(traffic.Resolve(container));
                break;
            case ["reset_all_stat"]:
                traffic.Reset(null);
                break;
            default:
                throw new InsulaException(ExitCode.BadSyntax, words.Count == 0 ? "No command is given" : $"Bad command: {string.Join(' ', words)}", "See vztactl --help");
        }
    }
}
