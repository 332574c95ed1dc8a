using System.Diagnostics;
using System.Text;

namespace Insula.System.Tests.Network;

/// <summary>Everything that arrives in a network namespace by one link, seen by a packet socket, until a frame with a marker comes.</summary>
internal sealed class FrameListener : IDisposable
{
    private const string Program = """
        $| = 1;
        socket(S, 17, 3, 0x0300) or die "socket: $!"; # ETH_P_ALL in network byte order
        my $request = pack("a16x24", $ARGV[0]);
        ioctl(S, 0x8933, $request) or die "no link: $!";
        bind(S, pack("SSiSCCa8", 17, 0x0300, unpack("x16 i", $request), 0, 0, 0, "")) or die "bind: $!";
        print "ready\n";
        while (1) { my $from = recv(S, my $frame, 4096, 0); defined $from or die; next if unpack("x10 C", $from) == 4; print unpack("H*", $frame), "\n"; }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;

    public FrameListener(int process, string link)
    {
        _process = Process.Start(new ProcessStartInfo("nsenter", [$"--net=/proc/{process}/ns/net", "--", "perl", "-e", Program, link]) { RedirectStandardOutput = true })!;
        Assert.Equal("ready", _process.StandardOutput.ReadLine());
    }

    /// <summary>The markers among those named that frames had which came before the one with the last marker.</summary>
    public IReadOnlyList<string> SeenUntil(string last, params IReadOnlyList<string> markers)
    {
        var seen = new List<string>();
        using var timeout = new CancellationTokenSource(Patience);
        while (true)
        {
            var line = _process.StandardOutput.ReadLineAsync(timeout.Token).AsTask().GetAwaiter().GetResult();
            Assert.NotNull(line);
            var text = Encoding.Latin1.GetString(Convert.FromHexString(line));
            seen.AddRange(markers.Where(marker => text.Contains(marker, StringComparison.Ordinal)));
            if (text.Contains(last, StringComparison.Ordinal))
                return seen;
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
