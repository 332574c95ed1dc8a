using System.Text;
using Insula.Engine.Network;
using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions;

/// <summary>
/// Our file for systemd-networkd (systemd.network(5)). KeepConfiguration makes networkd take over what the host has set up on venet0
/// before init ran, instead of clearing it, also when networkd is restarted or stopped.
/// </summary>
internal static class NetworkdUnit
{
    /// <summary>The whole file is ours.</summary>
    internal const string Path = "etc/systemd/network/10-insula-venet0.network";

    /// <summary>The file's text.</summary>
    public static string Text(IReadOnlyList<IpPrefix> addresses)
    {
        var text = new StringBuilder("# Written by Insula at every start and change of addresses.\n[Match]\nName=venet0\n\n");
        if (addresses.Count == 0)
            text.Append("[Link]\nRequiredForOnline=no\n\n");
        text.Append("[Network]\nKeepConfiguration=yes\nLinkLocalAddressing=no\nIPv6AcceptRA=no\n");
        bool hasIPv4 = false, hasIPv6 = false;
        foreach (var address in addresses)
        {
            var isIPv6 = address.Address.Family == IpFamily.IPv6;
            text.Append($"\n[Address]\nAddress={address.Address}/{address.Length}\n");
            if (isIPv6)
                text.Append("DuplicateAddressDetection=none\n");
            hasIPv6 |= isIPv6;
            hasIPv4 |= !isIPv6;
        }
        if (hasIPv4)
            text.Append("\n[Route]\nDestination=0.0.0.0/0\nScope=link\n");
        if (hasIPv6)
            text.Append("\n[Route]\nDestination=::/0\n");
        return text.ToString();
    }
}
