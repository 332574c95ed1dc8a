using System.Diagnostics;

namespace Insula.System.Tests.Network;

/// <summary>
/// A network namespace that commands take for the host's, so that a test has bridges, uplinks and an nftables ruleset of its own. Kept by a process;
/// disposing ends it, and the kernel removes the rest.
/// </summary>
public sealed class PrivateNetwork : IDisposable
{
    private readonly Process _keeper;

    public PrivateNetwork()
    {
        Require.Root();
        var start = new ProcessStartInfo("unshare", ["--net", "--", "perl", "-e", "$| = 1; print qq(up\\n); <STDIN>;"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _keeper = Process.Start(start)!;
        Assert.Equal("up", _keeper.StandardOutput.ReadLine());
        Run("ip", "link", "set", "lo", "up");
        Run("sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
    }

    public int Pid => _keeper.Id;

    /// <summary>The words that run a program here.</summary>
    public IReadOnlyList<string> Entry => ["nsenter", $"--net=/proc/{Pid}/ns/net", "--"];

    /// <summary>A namespace beyond the host side: the network that an uplink leads to. The link's end here has the name given, the other is "far".</summary>
    public PrivateNetwork Uplink(string name)
    {
        var beyond = new PrivateNetwork();
        Run("ip", "link", "add", name, "type", "veth", "peer", "name", "far", "netns", $"{beyond.Pid}");
        Run("ip", "link", "set", name, "up");
        beyond.Run("ip", "link", "set", "far", "up");
        return beyond;
    }

    /// <summary>Runs a program here and returns its output; fails the test if it fails.</summary>
    public string Run(params string[] command)
    {
        var (code, output) = TryRun(command);
        Assert.True(code == 0, $"{string.Join(' ', command)}: {output}");
        return output;
    }

    /// <summary>Runs a program here.</summary>
    public (int Code, string Output) TryRun(params string[] command)
    {
        string[] all = [.. Entry, .. command];
        using var process = Process.Start(new ProcessStartInfo(all[0], all[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    /// <summary>A program that is running here, with its input and output to be used.</summary>
    public Process Start(params string[] command)
    {
        string[] all = [.. Entry, .. command];
        return Process.Start(new ProcessStartInfo(all[0], all[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    public void Dispose()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit();
        _keeper.Dispose();
    }
}
