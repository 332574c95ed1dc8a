using System.Globalization;
using Insula.Engine.Containers;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Firewall;

/// <summary>Looks whether ports of the host are free to be forwarded.</summary>
/// <param name="container">To whom.</param>
internal sealed class ForwardConflicts(ContainerContext container)
{
    private static readonly string[] s_files = ["tcp", "tcp6", "udp", "udp6"];

    /// <summary>Demands that new forwards lead somewhere and take nobody's port.</summary>
    /// <param name="firewall">The container as it is to be.</param>
    /// <param name="before">The forwards that it had.</param>
    /// <param name="added">The new ones.</param>
    /// <exception cref="InsulaException">78: the port is taken. 21: there is no address to forward to.</exception>
    public void Require(ContainerFirewall firewall, IReadOnlyList<PortForward> before, IReadOnlyList<PortForward> added)
    {
        foreach (var forward in added)
        {
            if (before.FirstOrDefault(known => known != forward && known.Conflicts(forward)) is { } own)
                throw new InsulaException(ExitCode.AddressInUse, $"CT {container.Ctid} has the forward {own} already", "remove that one first");
            if (firewall.TargetOf(forward, IpFamily.IPv4) is null && firewall.TargetOf(forward, IpFamily.IPv6) is null)
            {
                throw new InsulaException(
                    ExitCode.BadValue, $"CT {container.Ctid} has no {(forward.Address is { } known ? $"{known.Family} " : "")}address to forward to", "give it one, or name one with --to");
            }
            if (ListenerOf(forward) is { } listener && !before.Contains(forward))
                throw new InsulaException(ExitCode.AddressInUse, $"A program on this host listens on {forward.Protocol} {listener}", "choose another port, or another address of the host with --address");
        }
        foreach (var (ctid, theirs) in Others())
        {
            if (theirs.FirstOrDefault(other => added.Any(other.Conflicts)) is { } taken)
                throw new InsulaException(ExitCode.AddressInUse, $"Port {taken.Protocol} {taken.HostPorts} is forwarded to CT {ctid} already", "see insula net forward list");
        }
    }

    private IEnumerable<(Ctid Ctid, IReadOnlyList<PortForward> Forwards)> Others()
    {
        foreach (var ctid in container.Engine.Store.List())
        {
            if (ctid != container.Ctid && container.Engine.Store.TryLoad(ctid) is { } config && config.TryPeek(FirewallParameters.Forwards, out var forwards))
                yield return (ctid, forwards);
        }
    }

    /// <summary>Where a program of this host listens that would not be reached any more: <c>0.0.0.0:80</c>; null: nowhere.</summary>
    public static string? ListenerOf(PortForward forward)
    {
        foreach (var file in s_files)
        {
            var isUdp = file.StartsWith("udp", StringComparison.Ordinal);
            var path = $"/proc/self/net/{file}";
            if (isUdp != (forward.Protocol.Number == AclProtocol.Udp) || !File.Exists(path))
                continue;
            foreach (var line in File.ReadLines(path))
            {
                if (TryRead(line, isUdp, out var address, out var port) && IsMeant(forward, address, port))
                    return address.Family == IpFamily.IPv4 ? $"{address}:{port}" : $"[{address}]:{port}";
            }
        }
        return null;
    }

    private static bool IsMeant(PortForward forward, IpAddress address, ushort port)
        => port >= forward.HostPorts.First && port <= forward.HostPorts.Last && !address.IsLoopback
            && (address.IsUnspecified ? forward.IsAbout(address.Family) : forward.Address is null ? forward.IsAbout(address.Family) : forward.Address == address);

    /// <summary>Reads a line of /proc/net/tcp or udp.</summary>
    // "   0: 0100007F:0016 00000000:0000 0A ...": address (in words of this machine's order), port, state: 0A listens, 07 is an unconnected UDP socket.
    internal static bool TryRead(string line, bool isUdp, out IpAddress address, out ushort port)
    {
        (address, port) = (default, 0);
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 4 || words[3] != (isUdp ? "07" : "0A") || words[1].Split(':') is not [var hex, var number])
            return false;
        if (hex.Length is not (8 or 32) || !ushort.TryParse(number, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out port))
            return false;
        var bytes = Convert.FromHexString(hex);
        for (var i = 0; i < bytes.Length && BitConverter.IsLittleEndian; i += 4)
            Array.Reverse(bytes, i, 4);
        return IpAddress.TryFromBytes(bytes, out address);
    }
}
