using Insula.Engine.Network;
using Insula.Linux.Netlink;

namespace Insula.Engine.Distributions;

/// <summary>
/// /etc/network/interfaces of ifupdown, as text (interfaces(5)). The host has set venet0 up before init runs. ifupdown's method
/// "static" would add the addresses a second time, fail with "File exists" and take networking.service with it; so the method is
/// "manual" and each line replaces and may fail: <c>ifup -a</c>, <c>ifdown venet0; ifup venet0</c> and
/// <c>systemctl restart networking</c> all end with the same addresses and routes.
/// </summary>
internal static class InterfacesFile
{
    private const string Device = "venet0";

    /// <summary>Brings our block to these addresses, and takes out what others (the old vzctl) wrote for the same device.</summary>
    public static string WithAddresses(string text, IReadOnlyList<IpPrefix> addresses)
    {
        text = WithoutForeignVenet(text);
        var block = new List<string>();
        if (!NamesLoopback(MarkedBlock.ForeignLines(text)))
            block.AddRange(["auto lo", "iface lo inet loopback"]);
        if (addresses.Count > 0)
            AddVenet(block, addresses);
        return MarkedBlock.Replace(text, block);
    }

    private static void AddVenet(List<string> block, IReadOnlyList<IpPrefix> addresses)
    {
        var families = (IPv4: false, IPv6: false);
        block.AddRange([$"auto {Device}", $"iface {Device} inet manual", $"\tup ip link set dev {Device} up || true"]);
        foreach (var address in addresses)
        {
            var isIPv6 = address.Address.Family == IpFamily.IPv6;
            families = isIPv6 ? families with { IPv6 = true } : families with { IPv4 = true };
            block.Add(isIPv6
                ? $"\tup ip -6 addr replace {address.Address}/{address.Length} dev {Device} nodad || true"
                : $"\tup ip addr replace {address.Address}/{address.Length} dev {Device} || true");
        }
        if (families.IPv4)
            block.Add($"\tup ip route replace default dev {Device} || true");
        if (families.IPv6)
            block.Add($"\tup ip -6 route replace default dev {Device} || true");
    }

    private static bool NamesLoopback(List<string> lines)
    {
        foreach (var line in lines)
        {
            var words = Words(line);
            if (words.Length > 1 && words[0] == "iface" && words[1] == "lo")
                return true;
        }
        return false;
    }

    // A stanza goes from "iface venet0:0 inet static" to the next line that begins one; comments and blank lines in it stay.
    private static string WithoutForeignVenet(string text)
    {
        if (!text.Contains(Device, StringComparison.Ordinal))
            return text;
        var kept = new List<string>();
        bool ours = false, dropping = false;
        foreach (var line in MarkedBlock.Lines(text))
        {
            ours = line == MarkedBlock.Begin || (ours && line != MarkedBlock.End);
            if (ours || line == MarkedBlock.End)
            {
                dropping = false;
                kept.Add(line);
            }
            else if (KeepLine(line, ref dropping) is { } rest)
            {
                kept.Add(rest);
            }
        }
        return kept.Count == 0 ? "" : string.Join('\n', kept) + "\n";
    }

    private static string? KeepLine(string line, ref bool dropping)
    {
        var words = Words(line);
        if (words.Length == 0 || words[0][0] == '#')
            return line;
        if (!BeginsStanza(words[0]))
            return dropping ? null : line;
        dropping = words[0] == "iface" && words.Length > 1 && IsVenet(words[1]);
        if (dropping)
            return null;
        return words[0] == "auto" || words[0].StartsWith("allow-", StringComparison.Ordinal) ? WithoutVenet(line, words) : line;
    }

    // "auto lo venet0 venet0:0" becomes "auto lo"; a line that named venet0 alone goes.
    private static string? WithoutVenet(string line, string[] words)
    {
        var rest = Array.FindAll(words, word => !IsVenet(word));
        if (rest.Length == words.Length)
            return line;
        return rest.Length == 1 ? null : string.Join(' ', rest);
    }

    private static bool IsVenet(string name) => name == Device || name.StartsWith(Device + ":", StringComparison.Ordinal);

    private static bool BeginsStanza(string word)
        => word is "iface" or "auto" or "mapping" or "source" or "source-directory" or "template" or "rename"
            || word.StartsWith("allow-", StringComparison.Ordinal) || word.StartsWith("no-", StringComparison.Ordinal);

    private static string[] Words(string line) => line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
