using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Cli.Output;
using Insula.Engine;
using Insula.Engine.Containers;
using Insula.Engine.Quotas;

namespace Insula.Cli.VzQuota;

/// <summary>What vzquota, vzdqcheck, vzdqdump and vzdqload have in common: flags, root, and exit codes of their own.</summary>
internal static class QuotaProgramFrame
{
    /// <summary>The work of one program.</summary>
    /// <param name="flags">The flags before the command.</param>
    /// <param name="rest">All words from the first that is no flag.</param>
    /// <param name="reporter">Where warnings go.</param>
    public delegate int Body(ParsedArguments flags, IReadOnlyList<string> rest, ConsoleReporter reporter);

    /// <summary>Runs a program.</summary>
    public static int Run(
        string program, IReadOnlyList<string> words, Func<ProgramManual> manual, IReadOnlyList<Option> flagOptions, CliHost host, Body body)
    {
        var count = 0;
        while (count < words.Count && words[count].Length > 1 && words[count][0] == '-')
            count++;
        var flags = OptionParser.Parse(words.Take(count).ToList(), flagOptions, $"{program} --help");
        using var reporter = new ConsoleReporter(host.Output, host.Error, quiet: false, host.IsTerminal);
        var exit = VzQuotaExit.Ok;
        var code = ErrorGuard.Run(reporter, () => flags.Has(VzQuotaOptions.Verbose) ? 1 : 0, () =>
        {
            try
            {
                return Start(program, flags, manual, host) ?? body(flags, Words.After(words, count), reporter);
            }
            catch (InsulaException error)
            {
                exit = error is VzQuotaException own ? own.Exit : VzQuotaExit.System;
                throw;
            }
        });
        return exit != VzQuotaExit.Ok ? (int)exit : code == 0 ? 0 : (int)VzQuotaExit.System;
    }

    /// <summary>The container that the first operand names by number.</summary>
    public static Ctid IdOf(ParsedArguments arguments)
    {
        if (arguments.Operands.Count == 0)
            throw new VzQuotaException(VzQuotaExit.Usage, "No quota id is given");
        return Ctid.TryParse(arguments.Operands[0], out var id) && !id.IsHost
            ? id
            : throw new VzQuotaException(VzQuotaExit.Usage, $"Bad quota id \"{arguments.Operands[0]}\"", "It is the number of a container");
    }

    /// <summary>Refuses arguments that are no text.</summary>
    public static void RequireText(IReadOnlyList<string> words, int invalid)
    {
        if (invalid >= 0)
            throw new VzQuotaException(VzQuotaExit.Usage, $"Argument {invalid + 1}, \"{words[invalid]}\", is not UTF-8 text");
    }

    // Null: go on.
    private static int? Start(string program, ParsedArguments flags, Func<ProgramManual> manual, CliHost host)
    {
        if (flags.Has(VzQuotaOptions.Help))
        {
            UsageText.WriteProgram(host.Output, manual());
            return 0;
        }
        if (flags.Has(VzQuotaOptions.Version))
        {
            host.Output.WriteLine(ProductVersion.LineOf(program));
            return 0;
        }
        if (flags.Error is { } error)
            throw new VzQuotaException(VzQuotaExit.Usage, error.Message, error.Hint);
        if (!host.IsRoot)
            throw new VzQuotaException(VzQuotaExit.System, $"{program} must be run as root", "Run it with sudo, or as root");
        return null;
    }
}
