using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;

namespace Insula.Cli.VzCtl;

/// <summary><c>vzctl [flags] COMMAND CTID|NAME [options]</c>: what comes before the command's own work.</summary>
internal sealed class VzCtlProgram
{
    private readonly CliHost _host;
    private readonly IReadOnlyList<string> _words;
    private readonly int _invalid;
    private readonly VzCtlFlags _flags;

    private VzCtlProgram(IReadOnlyList<string> words, int invalid, CliHost host)
    {
        _words = words;
        _invalid = invalid;
        _host = host;
        _flags = VzCtlFlags.Parse(words);
    }

    /// <summary>Runs vzctl.</summary>
    /// <param name="words">The arguments.</param>
    /// <param name="invalid">The index of the first argument that is not UTF-8, or -1.</param>
    /// <param name="host">The process around it.</param>
    public static int Run(IReadOnlyList<string> words, int invalid, CliHost host)
    {
        var program = new VzCtlProgram(words, invalid, host);
        using var reporter = new ConsoleReporter(host.Output, host.Error, program._flags.Quiet, host.IsTerminal);
        return ErrorGuard.Run(reporter, () => program._flags.Verbose, () => program.Run(reporter));
    }

    private int Run(ConsoleReporter reporter)
    {
        if (_flags.Help)
            return ShowUsage(_host.Output, ExitCode.Ok);
        if (_flags.Version)
        {
            _host.Output.WriteLine(ProductVersion.LineOf("vzctl"));
            return 0;
        }
        if (_flags.Count == _words.Count)
            return ShowUsage(_host.Error, ExitCode.BadSyntax);
        var verb = _words[_flags.Count];
        var command = (_invalid == _flags.Count ? null : VzCtlCommands.Find(verb))
            ?? throw new InsulaException(ExitCode.BadSyntax, $"Bad command: {verb}", "See vzctl --help");
        var arguments = ParseFor(command, out var container);
        return arguments is null ? ShowHelp(command) : RunCommand(command, container, arguments, reporter);
    }

    /// <summary>Takes the words after the verb apart.</summary>
    /// <returns>Null when help was asked for.</returns>
    private ParsedArguments? ParseFor(VzCtlCommand command, out string? container)
    {
        var words = Words.After(_words, _flags.Count + 1);
        container = null;
        ParsedArguments arguments;
        if (command.TakesCommandLine)
        {
            if (words is ["--help", ..])
                return null;
            arguments = new ParsedArguments();
            arguments.Operands.AddRange(words);
        }
        else
        {
            var help = new Option("help", "Show this help");
            arguments = OptionParser.Parse(words, [.. command.Options, help], $"vzctl {command.Name} --help");
            if (arguments.Has(help))
                return null;
        }
        if (arguments.Operands.Count == 0)
            return arguments;
        container = arguments.Operands[0];
        arguments.Operands.RemoveAt(0);
        return arguments;
    }

    private int RunCommand(VzCtlCommand command, string? container, ParsedArguments arguments, ConsoleReporter reporter)
    {
        if (container is null)
            throw new InsulaException(ExitCode.BadValue, "CT ID missing", $"See vzctl {command.Name} --help");
        if (_invalid >= 0)
            RefuseInvalid(container);
        RootCheck.Demand(_host, "vzctl");
        var global = _host.Global;
        if (global.Logging)
            reporter.Log = new LogFile(global.Layout.LogFile, "vzctl", _host.Now);
        using var signals = command.IsCancellable ? new CancelSignals(reporter) : null;
        var engine = _host.Engines.OpenEngine(global, reporter, new EngineOptions(_flags.SkipLock, signals?.Token ?? default));
        var ctid = engine.Resolve(container);
        reporter.Container = ctid;
        CheckCall(command, ctid, arguments);
        if (command.Name != "status")
            Warn(global, reporter);
        return command.Run(new VzCtlCall { Ctid = ctid, Engine = engine, Arguments = arguments, Output = _host.Output });
    }

    private static void CheckCall(VzCtlCommand command, Ctid ctid, ParsedArguments arguments)
    {
        if (ctid.IsHost && !command.AllowsHost)
            throw new InsulaException(ExitCode.BadValue, "Only set actions are allowed for CT0");
        if (arguments.Error is { } error)
            throw error;
        if (arguments.Operands.Count > command.MaximumOperands)
        {
            throw new InsulaException(
                ExitCode.BadSyntax, $"Unexpected argument \"{arguments.Operands[command.MaximumOperands]}\" for {command.Name}", $"See vzctl {command.Name} --help");
        }
    }

    private static void Warn(GlobalConfig global, ConsoleReporter reporter)
    {
        foreach (var warning in global.Warnings)
            reporter.Warning(warning.ToString());
    }

    private void RefuseInvalid(string container)
    {
        if (_words[_invalid] == container)
            throw new InsulaException(ExitCode.BadValue, $"Bad CT ID {container}");
        throw new InsulaException(ExitCode.BadSyntax, $"Argument {_invalid + 1}, \"{_words[_invalid]}\", is not UTF-8 text");
    }

    private int ShowUsage(TextWriter writer, ExitCode code)
    {
        UsageText.WriteVzCtl(writer);
        return (int)code;
    }

    private int ShowHelp(VzCtlCommand command)
    {
        UsageText.WriteCommand(_host.Output, command);
        return 0;
    }
}
