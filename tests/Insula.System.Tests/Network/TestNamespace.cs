using System.Diagnostics;

using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.System.Tests.Network;

/// <summary>
/// A network namespace of its own with its own user namespace, as a container has, kept by a process that also opened a route netlink
/// socket in it. Disposing ends the process; the kernel removes the rest.
/// </summary>
internal sealed class TestNamespace : IDisposable
{
    // Prints the descriptor of a socket (AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) and waits for the end of its standard input.
    private const string Keeper = "$| = 1; socket(S, 16, 3, 0) or die $!; print fileno(S), qq(\\n); <STDIN>;";

    private readonly Process _keeper;
    private readonly int _socketNumber;

    public TestNamespace()
    {
        var start = new ProcessStartInfo("unshare") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in new[] { "--user", "--map-root-user", "--net", "--", "perl", "-e", Keeper })
            start.ArgumentList.Add(argument);
        _keeper = Process.Start(start)!;
        _socketNumber = int.Parse(_keeper.StandardOutput.ReadLine()!);
    }

    public int Pid => _keeper.Id;

    public LinkNamespace Namespace => LinkNamespace.OfProcess(Pid);

    /// <summary>The keeper's socket, as the launch of a container provides it.</summary>
    public RouteSocket OpenRouteSocket()
    {
        using var pidfd = new FileDescriptor((int)Kernel.Check(Kernel.Call(Syscall.PidfdOpen, Pid), "open", "a pidfd"));
        return new RouteSocket(new FileDescriptor(
            (int)Kernel.Check(Kernel.Call(Syscall.PidfdGetfd, pidfd.Number, _socketNumber), "fetch", "a socket")));
    }

    /// <summary>Runs a program in the namespace and returns its output; fails the test if it fails.</summary>
    public string Run(params string[] command)
    {
        var (code, output) = Execute(["nsenter", "--target", $"{Pid}", "--net", "--", .. command]);
        Assert.True(code == 0, $"{string.Join(' ', command)} in the namespace: {output}");
        return output;
    }

    /// <summary>True if <paramref name="address"/> answers an echo request from inside. An IPv6 address needs a moment to be usable.</summary>
    public bool Pings(string address) => Retry(() => PingsOnce(address));

    /// <summary>True if <paramref name="address"/> answers the one echo request from inside.</summary>
    public bool PingsOnce(string address, params string[] options)
        => Execute(["nsenter", "--target", $"{Pid}", "--net", "--", .. PingCommand(address), .. options]).Code == 0;

    /// <summary>How many echo requests have arrived here, by both protocols.</summary>
    public int EchoRequests()
    {
        // Icmp: InMsgs InErrors InCsumErrors ... InEchos ...        (names)
        // Icmp: 5 0 0 ... 3 ...                                     (values)
        var icmp = Run("cat", "/proc/net/snmp").Split('\n').Where(line => line.StartsWith("Icmp:", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToList();
        // Icmp6InEchos                      3
        var icmp6 = Run("cat", "/proc/net/snmp6").Split('\n').First(line => line.StartsWith("Icmp6InEchos ", StringComparison.Ordinal));
        return int.Parse(icmp[1][Array.IndexOf(icmp[0], "InEchos")]) + int.Parse(icmp6["Icmp6InEchos ".Length..]);
    }

    /// <summary>True if <paramref name="address"/> answers an echo request from the host.</summary>
    public static bool HostPings(string address) => Retry(() => HostPingsOnce(address));

    /// <summary>True if <paramref name="address"/> answers the one echo request from the host.</summary>
    public static bool HostPingsOnce(string address) => Execute(PingCommand(address)).Code == 0;

    private static bool Retry(Func<bool> attempt) => Enumerable.Range(0, 10).Any(_ => attempt());

    private static string[] PingCommand(string address) => ["ping", "-n", "-c", "1", "-W", "1", address];

    private static (int Code, string Output) Execute(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    public void Dispose()
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit();
        _keeper.Dispose();
    }
}
