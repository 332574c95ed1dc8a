using System.Runtime.InteropServices;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Sockets;

/// <summary>
/// Asks the kernel for the sockets of a network namespace (sock_diag(7)): of the one in which the socket was opened, whatever namespace
/// the caller is in.
/// </summary>
public sealed class SocketDiagnostics : IDisposable
{
    /// <summary>NETLINK_SOCK_DIAG.</summary>
    public const int Protocol = 4;

    private const byte AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10;
    private const byte IPPROTO_TCP = 6, IPPROTO_UDP = 17, IPPROTO_RAW = 255;

    private readonly NetlinkSocket _socket;
    private readonly NetlinkDump _dump;

    /// <summary>Takes over a socket of family AF_NETLINK and <see cref="Protocol"/>.</summary>
    public SocketDiagnostics(FileDescriptor socket)
    {
        _socket = new NetlinkSocket(socket, Protocol, "a socket of sock_diag");
        _dump = new NetlinkDump(_socket);
    }

    /// <summary>Adds up what all sockets hold in their buffers.</summary>
    public SocketMemory ReadMemory()
    {
        var sum = default(SocketMemory);
        foreach (var family in (ReadOnlySpan<byte>)[AF_INET, AF_INET6])
        {
            sum += ReadInternet(family, IPPROTO_TCP, memory => new SocketMemory(memory.Queued, memory.Received, 0, 0));
            foreach (var protocol in (ReadOnlySpan<byte>)[IPPROTO_UDP, IPPROTO_RAW])
                sum += ReadInternet(family, protocol, memory => new SocketMemory(0, 0, memory.Sent, memory.Received));
        }
        return sum + ReadUnix();
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private SocketMemory ReadInternet(byte family, byte protocol, Func<(long Received, long Sent, long Queued), SocketMemory> use)
    {
        var request = new NetlinkWriter(stackalloc byte[128], (NetlinkMessageType)Diagnostic.ByFamily, NetlinkFlags.Dump);
        request.Append(new InetRequest
        {
            Family = family,
            Protocol = protocol,
            Extensions = 1 << (Diagnostic.InetMemory - 1),
            States = uint.MaxValue,
        });
        var sum = default(SocketMemory);
        Check(_dump.TryRead(request, message => sum += use(MemoryOf(message.AttributesAfter<InetAnswer>(), Diagnostic.InetMemory))));
        return sum;
    }

    // What is in the receive queue of a UNIX socket is charged to whoever sent it.
    private SocketMemory ReadUnix()
    {
        var request = new NetlinkWriter(stackalloc byte[64], (NetlinkMessageType)Diagnostic.ByFamily, NetlinkFlags.Dump);
        request.Append(new UnixRequest { Family = AF_UNIX, States = uint.MaxValue, Show = Diagnostic.ShowMemory });
        var sum = default(SocketMemory);
        Check(_dump.TryRead(
            request, message => sum += new SocketMemory(0, 0, MemoryOf(message.AttributesAfter<UnixAnswer>(), Diagnostic.UnixMemory).Sent, 0)));
        return sum;
    }

    private static (long Received, long Sent, long Queued) MemoryOf(AttributeReader attributes, ushort type)
    {
        while (attributes.Next())
        {
            if (attributes.Type != type || attributes.Value.Length < Diagnostic.MemoryNumbers * sizeof(uint))
                continue;
            var numbers = MemoryMarshal.Cast<byte, uint>(attributes.Value);
            return (numbers[Diagnostic.ReceiveAllocated], numbers[Diagnostic.SendAllocated], numbers[Diagnostic.SendQueued]);
        }
        return default;
    }

    // ENOENT: this kernel cannot tell of that protocol's sockets, or has none.
    private static void Check(Errno errno)
    {
        if (errno is not (Errno.None or Errno.ENOENT or Errno.EOPNOTSUPP or Errno.EINVAL))
            throw new LinuxException("list", "sockets", errno);
    }
}
