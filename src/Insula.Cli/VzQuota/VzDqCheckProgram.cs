using System.Globalization;
using Insula.Cli.Help;
using Insula.Engine.Quotas;

namespace Insula.Cli.VzQuota;

/// <summary><c>vzdqcheck PATH</c>: what a tree occupies.</summary>
internal static class VzDqCheckProgram
{
    /// <summary>Runs vzdqcheck.</summary>
    public static int Run(IReadOnlyList<string> words, int invalid, CliHost host)
        => QuotaProgramFrame.Run("vzdqcheck", words, Manuals.VzDqCheck, VzQuotaOptions.Flags, host, (_, rest, _) =>
        {
            QuotaProgramFrame.RequireText(words, invalid);
            if (rest.Count != 1)
                throw new VzQuotaException(VzQuotaExit.Usage, "One path is to be given", "See vzdqcheck --help");
            var count = TreeCount.Of(rest[0]);
            host.Output.WriteLine($"quota usage for {Output.PlainText.OneLine(rest[0])}");
            host.Output.WriteLine($"{"blocks",11}{"inodes",11}");
            host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count.KiB,11}{count.Inodes,11}"));
            return 0;
        });
}
