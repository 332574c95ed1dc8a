using Insula.Cli.Output;
using Insula.Engine;
using Insula.Engine.Network;

namespace Insula.Cli.ArpSend;

/// <summary><c>ndsend ADDRESS LINK</c>: announces an IPv6 address to all nodes on a link.</summary>
internal static class NdSendProgram
{
    private const int Usage = 1, SystemFailure = 2;

    /// <summary>Runs ndsend.</summary>
    /// <param name="words">The arguments.</param>
    /// <param name="host">The process around it.</param>
    public static int Run(IReadOnlyList<string> words, CliHost host)
    {
        if (words.Count != 2 || !AddressAnnouncement.IsIPv6(words[0]))
        {
            host.Output.WriteLine("ndsend sends an unsolicited Neighbor Advertisement ICMPv6 multicast packet\nannouncing a given IPv6 address to all IPv6 nodes as per RFC4861.\n");
            host.Output.WriteLine("Usage: ndsend <address> <interface> (example: ndsend 2001:DB8::1 eth0)");
            return Usage;
        }
        using var reporter = new ConsoleReporter(host.Output, host.Error, quiet: false, host.IsTerminal);
        return ErrorGuard.Run(reporter, () => 0, () => Announce(words[0], words[1])) == 0 ? 0 : SystemFailure;
    }

    private static int Announce(string address, string link)
    {
        AddressAnnouncement.SendIPv6(address, link);
        return 0;
    }
}
