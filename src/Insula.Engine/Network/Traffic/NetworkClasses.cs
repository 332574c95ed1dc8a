using System.Globalization;
using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Host;
using Insula.Engine.Parameters;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network.Traffic;

/// <summary>
/// networks_classes: a class of traffic a line, <c>1 0.0.0.0/0</c>, with "#" before comments. The longest network that an address is in decides,
/// whatever the order of lines; of two lines for one network the later counts. What is in none is of class 1.
/// </summary>
public static class NetworkClasses
{
    /// <summary>The class of what no line is for.</summary>
    public const int Default = 1;

    /// <summary>How many lines there may be.</summary>
    public const int Most = 65536;

    private const int LargestFile = 4 * 1024 * 1024;

    /// <summary>conf/networks_classes.</summary>
    public static string FileOf(HostLayout layout) => Path.Combine(layout.ContainerConfigDirectory, "networks_classes");

    /// <summary>Reads a file; a file that is not there gives no class.</summary>
    /// <exception cref="InsulaException">85: a line is wrong.</exception>
    public static IReadOnlyList<NetworkClass> Read(string path)
    {
        try
        {
            return SmallFile.TryRead(path, LargestFile) is { } bytes ? Parse(Encoding.UTF8.GetString(bytes), path) : [];
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.InvalidConfig, $"The network classes cannot be read: {error.Message}", error.Hint, error);
        }
    }

    /// <summary>Takes the text of such a file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="InsulaException">85: a line is wrong.</exception>
    public static IReadOnlyList<NetworkClass> Parse(string text, string name)
    {
        var classes = new Dictionary<(IpAddress, int), NetworkClass>();
        var number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            var comment = line.IndexOf('#');
            var content = (comment < 0 ? line : line[..comment]).Trim();
            if (content.IsEmpty)
                continue;
            if (TryParseLine(content, out var found) is { } why)
            {
                throw new InsulaException(
                    ExitCode.InvalidConfig, $"{name}:{number}: {ValueKind.Quote(content.ToString())}: {why}",
                    "a line has a class from 0 to 15 and a network: 2 192.0.2.0/24");
            }
            classes[(found.Network, found.Length)] = found;
            if (classes.Count > Most)
                throw new InsulaException(ExitCode.InvalidConfig, $"{name}: more than {Most} networks");
        }
        return [.. classes.Values];
    }

    /// <summary>IPv4 before IPv6, the widest networks first.</summary>
    public static IReadOnlyList<NetworkClass> InOrder(IEnumerable<NetworkClass> classes)
        => [.. classes.OrderBy(each => each.Network.Family).ThenBy(each => each.Length).ThenBy(each => each.Network)];

    /// <summary>As a file.</summary>
    public static string Format(IEnumerable<NetworkClass> classes) => string.Concat(classes.Select(each => $"{each}\n"));

    /// <summary>The class of an address, as the kernel's table finds it.</summary>
    public static int Find(IEnumerable<NetworkClass> classes, IpAddress address)
    {
        var best = new NetworkClass(Default, address, -1);
        foreach (var each in classes)
        {
            if (each.Network.Family == address.Family && each.Length > best.Length && Mask(address, each.Length) == each.Network)
                best = each;
        }
        return best.Number;
    }

    private static string? TryParseLine(ReadOnlySpan<char> line, out NetworkClass found)
    {
        found = default;
        var blank = line.IndexOfAny(' ', '\t');
        if (blank < 0)
            return "no network";
        if (!int.TryParse(line[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= TrafficTable.Classes)
            return $"not a class from 0 to {TrafficTable.Classes - 1}";
        var network = line[(blank + 1)..].Trim();
        var slash = network.IndexOf('/');
        if (!IpAddress.TryParse(slash < 0 ? network : network[..slash], out var address))
            return "not an IPv4 or IPv6 network";
        var length = address.BitCount;
        if (slash >= 0 && (!int.TryParse(network[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > address.BitCount))
            return "not the length of a prefix";
        found = new NetworkClass(number, Mask(address, length), length);
        return null;
    }

    private static IpAddress Mask(IpAddress address, int length)
    {
        var hostBits = address.BitCount - length;
        // A shift by the whole width shifts by nothing.
        return hostBits == 128 ? address with { Bits = 0 } : address with { Bits = address.Bits >> hostBits << hostBits };
    }
}
