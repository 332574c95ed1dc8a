using System.Globalization;
using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine;
using Insula.Engine.Containers;
using Insula.Engine.Containers.Listing;

namespace Insula.Cli.VzPid;

/// <summary><c>vzpid [-p] PID...</c>: which container a process is in.</summary>
internal static class VzPidProgram
{
    private static readonly Option InnerPid = new("pid", "Show also the number that the process has in its container") { Letter = 'p' };
    private static readonly Option Version = new("version", "Show the version");
    private static readonly Option Help = new("help", "Show this help") { Letter = 'h' };

    /// <summary>The options of vzpid.</summary>
    public static IReadOnlyList<Option> Options { get; } = [InnerPid, Version, Help];

    /// <summary>Runs vzpid.</summary>
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
        var arguments = OptionParser.Parse(words, Options, "vzpid --help");
        if (arguments.Has(Help))
        {
            UsageText.WriteProgram(host.Output, Manuals.VzPid());
            return 0;
        }
        if (arguments.Has(Version))
        {
            host.Output.WriteLine(ProductVersion.LineOf("vzpid"));
            return 0;
        }
        if (invalid >= 0)
            throw new InsulaException(ExitCode.BadSyntax, $"Argument {invalid + 1}, \"{words[invalid]}\", is not UTF-8 text");
        if (arguments.Error is { } error)
            throw error;
        if (arguments.Operands.Count == 0)
            throw new InsulaException(ExitCode.BadSyntax, "No process is named", "See vzpid --help");
        var withInner = arguments.Has(InnerPid);
        host.Output.WriteLine(withInner ? "Pid\tCT/Pid\tCTID\tName" : "Pid\tCTID\tName");
        var finder = ProcessFinder.OnThisHost(host.Global.Layout);
        var failed = false;
        foreach (var text in Pids(arguments.Operands, host))
            failed |= !Show(text, withInner, finder, host.Output, reporter);
        return failed ? 1 : 0;
    }

    private static bool Show(string text, bool withInner, ProcessFinder finder, TextWriter output, ConsoleReporter reporter)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) || pid == 0)
        {
            reporter.Error($"Bad process number \"{text}\"");
            return false;
        }
        if (finder.Find(pid) is not { } process)
        {
            reporter.Error($"There is no process {pid}");
            return false;
        }
        var inner = withInner ? $"{process.InnerPid}\t" : "";
        output.WriteLine($"{pid}\t{inner}{process.Ctid}\t{PlainText.OneLine(process.Name)}");
        return true;
    }

    private static IEnumerable<string> Pids(List<string> operands, CliHost host)
    {
        foreach (var operand in operands)
        {
            if (operand != "-")
            {
                yield return operand;
                continue;
            }
            using var input = host.Input();
            while (input.ReadLine() is { } line)
            {
                foreach (var word in line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                    yield return word;
            }
        }
    }
}
