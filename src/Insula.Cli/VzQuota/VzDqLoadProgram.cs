using Insula.Cli.Help;
using Insula.Cli.Options;
using Insula.Engine.Quotas;

namespace Insula.Cli.VzQuota;

/// <summary><c>vzdqload ID -G -U</c>: puts what vzdqdump wrote into force.</summary>
internal static class VzDqLoadProgram
{
    private static readonly Option Grace = new("grace", "Take the grace times") { Letter = 'G' };
    private static readonly Option Limits = new("limits", "Take the limits of users and groups") { Letter = 'U' };
    private static readonly Option Times = new("exptimes", "Accepted; the kernel keeps these times itself") { Letter = 'T' };
    private static readonly Option First = new("first", "Accepted; the container's own limits are those of its configuration") { Letter = 'F' };

    /// <summary>What follows the id.</summary>
    public static IReadOnlyList<Option> Options { get; } = [Grace, Limits, Times, First, VzQuotaOptions.Force];

    /// <summary>Runs vzdqload.</summary>
    public static int Run(IReadOnlyList<string> words, int invalid, CliHost host)
        => QuotaProgramFrame.Run("vzdqload", words, Manuals.VzDqLoad, VzQuotaOptions.Flags, host, (_, rest, reporter) =>
        {
            QuotaProgramFrame.RequireText(words, invalid);
            var arguments = OptionParser.Parse(rest, Options, "vzdqload --help");
            if (arguments.Error is { } error)
                throw new VzQuotaException(VzQuotaExit.Usage, error.Message, error.Hint);
            var id = QuotaProgramFrame.IdOf(arguments);
            // All of it is read, and found good, before any of it counts.
            using var input = host.Input();
            var (grace, users) = QuotaDump.Read(input);
            var engine = host.Engines.OpenQuotas(host.Global, reporter);
            foreach (var (kind, space, inodes) in arguments.Has(Grace) ? grace : [])
                engine.SetUserGrace(id, kind, space, inodes);
            foreach (var (kind, user, limits) in arguments.Has(Limits) ? users : [])
                engine.SetUserLimits(id, new QuotaSubject(kind, user), limits);
            return 0;
        });
}
