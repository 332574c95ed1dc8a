using System.Diagnostics;

namespace Insula.System.Tests.Network;

/// <summary>tcpdump on a link, in promiscuous mode as it is by default.</summary>
internal sealed class Capture : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;

    /// <param name="entry">The words that run a program where the link is.</param>
    /// <param name="link">The link.</param>
    public Capture(IReadOnlyList<string> entry, string link)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/tcpdump") || File.Exists("/usr/sbin/tcpdump"), "needs tcpdump");
        string[] words = [.. entry, "tcpdump", "--immediate-mode", "-l", "-n", "-i", link];
        _process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string? line;
        do
            line = _process.StandardError.ReadLine();
        while (line?.Contains("listening on", StringComparison.Ordinal) == false);
        Assert.NotNull(line);
    }

    /// <summary>The lines up to the first that holds a text.</summary>
    public IReadOnlyList<string> Until(string text)
    {
        var lines = new List<string>();
        using var timeout = new CancellationTokenSource(Patience);
        while (lines.Count == 0 || !lines[^1].Contains(text, StringComparison.Ordinal))
        {
            var line = _process.StandardOutput.ReadLineAsync(timeout.Token).AsTask().GetAwaiter().GetResult();
            Assert.NotNull(line);
            lines.Add(line);
        }
        return lines;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
