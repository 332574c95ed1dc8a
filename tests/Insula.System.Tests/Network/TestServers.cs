using System.Diagnostics;

namespace Insula.System.Tests.Network;

/// <summary>Servers in network namespaces that answer everybody with the address they see of him, and clients of them.</summary>
internal sealed class TestServers : IDisposable
{
    private readonly List<Process> _servers = [];

    public TestServers() => Assert.SkipUnless(File.Exists("/usr/bin/socat"), "needs socat");

    /// <summary>Answers at a port of a process's network namespace, by IPv4 and IPv6.</summary>
    public void Serve(int process, string protocol, int port)
    {
        foreach (var (family, options) in new[] { ("4", ""), ("6", ",ipv6only=1") })
        {
            var listen = protocol == "tcp" ? $"TCP{family}-LISTEN:{port},reuseaddr,fork{options}" : $"UDP{family}-RECVFROM:{port},fork{options}";
            _servers.Add(Process.Start(new ProcessStartInfo("nsenter", [$"--net=/proc/{process}/ns/net", "--", "socat", listen, "SYSTEM:echo $SOCAT_PEERADDR"]))!);
        }
        var file = $"/proc/{process}/net/{protocol}";
        var needle = $":{port:X4} ";
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText(file).Contains(needle, StringComparison.Ordinal) && File.ReadAllText(file + "6").Contains(needle, StringComparison.Ordinal), TimeSpan.FromSeconds(60)));
    }

    /// <summary>What a server says, which a client in a process's network namespace asks: the client's address as seen there; null if there is no answer.</summary>
    /// <param name="process">Whose namespace.</param>
    /// <param name="protocol">tcp or udp.</param>
    /// <param name="address">The server's address.</param>
    /// <param name="port">Its port.</param>
    /// <param name="patience">Attempts of a second each: 1 where no answer is expected.</param>
    public static string? Ask(int process, string protocol, string address, int port, int patience = 20)
    {
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        var target = protocol == "tcp" ? $"TCP:{host}:{port},connect-timeout=1" : $"UDP:{host}:{port}";
        for (var attempt = 0; attempt < patience; attempt++)
        {
            var line = $"echo hello | socat -t 1 -T 1 - {target} 2>/dev/null";
            using var client = Process.Start(new ProcessStartInfo("nsenter", [$"--net=/proc/{process}/ns/net", "--", "sh", "-c", line]) { RedirectStandardOutput = true })!;
            var answer = client.StandardOutput.ReadToEnd().Trim();
            client.WaitForExit();
            if (answer.Length > 0)
                return Insula.Linux.Netlink.IpAddress.TryParse(answer.Trim('[', ']'), out var seen) ? seen.ToString() : answer;
        }
        return null;
    }

    public void Dispose()
    {
        foreach (var server in _servers)
        {
            server.Kill(entireProcessTree: true);
            server.WaitForExit();
            server.Dispose();
        }
    }
}
