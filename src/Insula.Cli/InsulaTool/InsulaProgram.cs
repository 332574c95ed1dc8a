using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine;

namespace Insula.Cli.InsulaTool;

/// <summary><c>insula COMMAND [options]</c>.</summary>
internal static class InsulaProgram
{
    /// <summary>Runs insula.</summary>
    /// <param name="words">The arguments.</param>
    /// <param name="invalid">The index of the first argument that is not UTF-8, or -1.</param>
    /// <param name="host">The process around it.</param>
    public static int Run(IReadOnlyList<string> words, int invalid, CliHost host)
    {
        using var reporter = new ConsoleReporter(host.Output, host.Error, quiet: false, host.IsTerminal);
        var verbose = 0;
        while (words is ["--verbose", ..])
        {
            verbose++;
            invalid--;
            words = Words.After(words, 1);
        }
        return ErrorGuard.Run(reporter, () => verbose, () => Dispatch(words, invalid, host, reporter));
    }

    private static int Dispatch(IReadOnlyList<string> words, int invalid, CliHost host, ConsoleReporter reporter)
    {
        if (invalid >= 0)
            throw new InsulaException(ExitCode.BadSyntax, $"Argument {invalid + 1}, \"{words[invalid]}\", is not UTF-8 text");
        switch (words)
        {
            case []:
                UsageText.WriteProgram(host.Error, Manuals.InsulaTool());
                return (int)ExitCode.BadSyntax;
            case ["--version", ..]:
                host.Output.WriteLine(ProductVersion.LineOf("insula"));
                return 0;
            case ["--help", ..] or ["help"]:
                UsageText.WriteProgram(host.Output, Manuals.InsulaTool());
                return 0;
            case ["help", ..] when IsWholeGroup(words, 1, words.Count - 1):
                return ShowGroup(string.Join(' ', Words.After(words, 1)), host);
            case [.., "--help"] when IsWholeGroup(words, 0, words.Count - 1):
                return ShowGroup(string.Join(' ', words.Take(words.Count - 1)), host);
            case ["help", ..]:
                return ShowHelp(FindCommand(Words.After(words, 1), out _), host);
            case ["console-holder", var ctid, var number]:
                return HoldConsole(ctid, number, host, reporter);
            default:
                return RunCommand(words, host, reporter);
        }
    }

    // Not for people: what `vzctl console` leaves in the background.
    private static int HoldConsole(string ctid, string number, CliHost host, ConsoleReporter reporter)
    {
        var engine = host.Engines.OpenEngine(host.Global, reporter, new EngineOptions(SkipLock: false, CancellationToken.None));
        engine.HoldConsole(engine.Resolve(ctid), int.Parse(number, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    }

    private static InsulaCommand FindCommand(IReadOnlyList<string> words, out int count)
    {
        (var command, count) = InsulaCommands.Find(words);
        if (command is not null)
            return command;
        var group = InsulaCommands.GroupWords(words);
        var name = string.Join(' ', words.Take(Math.Min(group + 1, words.Count)));
        throw new InsulaException(
            ExitCode.BadSyntax, group == words.Count ? $"Which command of {name}?" : $"Bad command: {name}",
            group == 0 ? "See insula --help" : $"See insula {string.Join(' ', words.Take(group))} --help");
    }

    private static bool IsWholeGroup(IReadOnlyList<string> words, int first, int count)
        => count > 0 && InsulaCommands.GroupWords([.. words.Skip(first).Take(count)]) == count;

    private static int ShowGroup(string group, CliHost host)
    {
        var commands = new List<CommandManual>();
        foreach (var command in InsulaCommands.InGroup(group))
            commands.Add(Manuals.Of(command));
        UsageText.WriteGroup(host.Output, "insula", group, commands);
        return 0;
    }

    private static int ShowHelp(InsulaCommand command, CliHost host)
    {
        UsageText.WriteCommand(host.Output, "insula", Manuals.Of(command));
        return 0;
    }

    private static int RunCommand(IReadOnlyList<string> words, CliHost host, ConsoleReporter reporter)
    {
        var command = FindCommand(words, out var count);
        var help = new Option("help", "Show this help");
        var hint = $"insula {command.Name} --help";
        var arguments = OptionParser.Parse(Words.After(words, count), [.. command.Options, help], hint);
        if (arguments.Has(help))
            return ShowHelp(command, host);
        if (arguments.Error is { } error)
            throw error;
        if (arguments.Operands.Count < command.OperandCount)
            throw new InsulaException(ExitCode.BadSyntax, $"insula {command.Name} needs {command.Operands}", $"See {hint}");
        if (arguments.Operands.Count > command.MaximumOperands)
            throw new InsulaException(ExitCode.BadSyntax, $"Unexpected argument \"{arguments.Operands[command.MaximumOperands]}\"", $"See {hint}");
        if (command.NeedsRoot)
            RootCheck.Demand(host, $"insula {command.Name}");
        using var signals = command.IsCancellable ? new CancelSignals(reporter) : null;
        return command.Run(new InsulaCall
        {
            Host = host,
            Arguments = arguments,
            Reporter = reporter,
            Cancellation = signals?.Token ?? default,
        });
    }
}
