using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Engine.Quotas;

namespace Insula.Cli.VzQuota;

/// <summary><c>vzdqdump ID -G -U -T -F</c>: quotas of users and groups as text.</summary>
internal static class VzDqDumpProgram
{
    private static readonly Option Grace = new("grace", "Grace times") { Letter = 'G' };
    private static readonly Option Limits = new("limits", "Limits of users and groups") { Letter = 'U' };
    private static readonly Option Times = new("exptimes", "When grace times of users and groups end") { Letter = 'T' };
    private static readonly Option First = new("first", "The quota of the container as a whole") { Letter = 'F' };

    /// <summary>What follows the id.</summary>
    public static IReadOnlyList<Option> Options { get; } = [Grace, Limits, Times, First, VzQuotaOptions.Force];

    /// <summary>Runs vzdqdump.</summary>
    public static int Run(IReadOnlyList<string> words, int invalid, CliHost host)
        => QuotaProgramFrame.Run("vzdqdump", words, Manuals.VzDqDump, VzQuotaOptions.Flags, host, (_, rest, reporter) =>
        {
            QuotaProgramFrame.RequireText(words, invalid);
            var arguments = OptionParser.Parse(rest, Options, "vzdqdump --help");
            if (arguments.Error is { } error)
                throw new VzQuotaException(VzQuotaExit.Usage, error.Message, error.Hint);
            var engine = host.Engines.OpenQuotas(host.Global, reporter);
            var id = QuotaProgramFrame.IdOf(arguments);
            var report = arguments.Has(VzQuotaOptions.Force) ? engine.Stat(id, users: true, note: false) : engine.Show(id, users: true);
            QuotaDump.Write(host.Output, report, arguments.Has(Grace), arguments.Has(Limits), arguments.Has(Times), arguments.Has(First));
            return 0;
        });
}
