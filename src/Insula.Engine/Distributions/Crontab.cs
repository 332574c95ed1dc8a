namespace Insula.Engine.Distributions;

/// <summary>
/// /etc/crontab, as text (crontab(5)). A thousand containers of one template would all start their daily jobs in the same minute;
/// each gets minutes of its own.
/// </summary>
internal static class Crontab
{
    private const string PartsMark = "run-parts";

    /// <summary>
    /// Changes the minute of the lines that run the parts of /etc/cron.hourly and its like, such as
    /// <c>25 6	* * *	root	test -x /usr/sbin/anacron || ( cd / &amp;&amp; run-parts --report /etc/cron.daily )</c>.
    /// </summary>
    /// <param name="text">The file.</param>
    /// <param name="seed">Another for each container; the same seed gives the same minutes, so that a second run changes nothing.</param>
    public static string WithSpreadMinutes(string text, uint seed)
    {
        var lines = MarkedBlock.Lines(text);
        for (var i = 0; i < lines.Count; i++)
        {
            var end = lines[i].AsSpan().IndexOfAnyExceptInRange('0', '9');
            if (end > 0 && lines[i][end] is (' ' or '\t') && lines[i].Contains(PartsMark, StringComparison.Ordinal))
                lines[i] = Minute(seed, i).ToString() + lines[i][end..];
        }
        return lines.Count == 0 ? "" : string.Join('\n', lines) + "\n";
    }

    // Knuth's multiplicative hash: neighbouring containers and lines come out far apart.
    private static uint Minute(uint seed, int line) => (unchecked(((seed >> 16) + ((uint)line * 7919) + 1) * 2654435761) >> 16) % 60;
}
