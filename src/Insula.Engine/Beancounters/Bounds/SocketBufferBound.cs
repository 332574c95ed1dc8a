using System.Globalization;
using Insula.Engine.Containers;
using Insula.Linux.Launch;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters.Bounds;

/// <summary>
/// tcpsndbuf and tcprcvbuf: no TCP socket of the container may buffer more than the container may altogether (net.ipv4.tcp_wmem and
/// tcp_rmem of its network namespace, tcp(7)). The sum is not bounded: the kernel has one for the whole host only.
/// </summary>
internal sealed class SocketBufferBound(BeancounterResource resource, string file) : IBound
{
    /// <summary>Of sending.</summary>
    public static SocketBufferBound Sending { get; } = new(BeancounterResources.TcpSendBuffers, "/proc/sys/net/ipv4/tcp_wmem");

    /// <summary>Of receiving.</summary>
    public static SocketBufferBound Receiving { get; } = new(BeancounterResources.TcpReceiveBuffers, "/proc/sys/net/ipv4/tcp_rmem");

    // What a socket has in any case: a packet must fit.
    private const long Least = 4096;

    /// <inheritdoc/>
    public IReadOnlyList<BeancounterResource> Resources { get; } = [resource];

    /// <inheritdoc/>
    public void Apply(ContainerContext container, PidFd init)
    {
        if (BeancounterBounds.Of(container.Config, resource).Barrier != Parameters.BarrierLimit.Unlimited)
            Change(container, init);
    }

    /// <inheritdoc/>
    public void Change(ContainerContext container, PidFd init)
        => NamespaceFiles.Write(init, CloneFlags.NewNet, file, Bounded(File.ReadAllText(file), BeancounterBounds.Of(container.Config, resource).Barrier, file));

    /// <summary>The host's three numbers, <c>4096	16384	4194304</c> (least, at first, most), each at most the bound.</summary>
    internal static string Bounded(string host, long bound, string file)
    {
        var words = host.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var numbers = new List<string>();
        foreach (var word in words)
        {
            if (!long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                throw new LinuxException("understand", $"\"{host.Trim()}\" in {file}", Errno.EPROTO);
            numbers.Add(Math.Max(Math.Min(number, bound), Math.Min(number, Least)).ToString(CultureInfo.InvariantCulture));
        }
        return string.Join(' ', numbers);
    }
}
