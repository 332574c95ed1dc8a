using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using Insula.Linux.Syscalls;

namespace Insula.Linux.Netlink;

/// <summary>
/// A route netlink socket (rtnetlink(7)): links, addresses, routes and neighbours of the network namespace in which the socket
/// was opened, whatever namespace the caller is in. Each request waits for the kernel's answer. Not for use by two threads at once.
/// Every method throws <see cref="LinuxException"/> with what was tried, on what, the error and the kernel's own explanation.
/// </summary>
public sealed partial class RouteSocket : IDisposable
{
    // The kernel fills dumps in pieces of at most 32 KiB, if the reader's buffer takes that much (netlink_dump).
    private const int BufferSize = 32 * 1024;
    private const int RequestSize = 512;
    private const int DumpAttempts = 16;

    private readonly FileDescriptor _socket;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    private uint _sequence;

    /// <summary>
    /// Takes over a socket of family AF_NETLINK, type SOCK_RAW or SOCK_DGRAM, protocol NETLINK_ROUTE, which may have been opened
    /// in another network namespace.
    /// </summary>
    /// <exception cref="LinuxException">EPROTONOSUPPORT: it is another kind of socket; it is closed then.</exception>
    public RouteSocket(FileDescriptor socket)
    {
        _socket = socket;
        try
        {
            RequireRouteNetlink();
            EnableOptions();
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Opens a socket in the network namespace of this process.</summary>
    public static RouteSocket Open()
    {
        const int SOCK_RAW = 3;
        const int SOCK_CLOEXEC = 0x80000;
        return new RouteSocket(new FileDescriptor((int)Kernel.Check(
            Kernel.Call(Syscall.Socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "open", "a route netlink socket")));
    }

    private const int AF_NETLINK = 16;
    private const int NETLINK_ROUTE = 0;

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void RequireRouteNetlink()
    {
        const int SOL_SOCKET = 1;
        const int SO_PROTOCOL = 38;
        const int SO_DOMAIN = 39;
        if (Option(SOL_SOCKET, SO_DOMAIN) != AF_NETLINK || Option(SOL_SOCKET, SO_PROTOCOL) != NETLINK_ROUTE)
            throw new LinuxException("use", "a socket that is not route netlink", Errno.EPROTONOSUPPORT);
    }

    private unsafe int Option(int level, int option)
    {
        int value = 0, size = sizeof(int);
        Kernel.Check(
            Kernel.Call(Syscall.Getsockopt, _socket.Number, level, option, (nint)(&value), (nint)(&size)),
            "inspect", "a route netlink socket");
        return value;
    }

    // netlink(7): errors without a copy of the request, with the kernel's text; strict checking makes the kernel refuse what it
    // does not understand and filter dumps (Linux 4.20).
    private unsafe void EnableOptions()
    {
        const int SOL_NETLINK = 270;
        ReadOnlySpan<byte> options = [10 /* NETLINK_CAP_ACK */, 11 /* NETLINK_EXT_ACK */, 12 /* NETLINK_GET_STRICT_CHK */];
        foreach (var option in options)
        {
            var on = 1;
            Kernel.Check(
                Kernel.Call(Syscall.Setsockopt, _socket.Number, SOL_NETLINK, option, (nint)(&on), sizeof(int)),
                "set an option of", "a route netlink socket", "Linux 4.20 or newer is needed");
        }
    }

    /// <summary>Sends a request that is answered by success or an error.</summary>
    private void Execute(scoped in NetlinkWriter request, string action, string target)
        => ThrowIfFailed(TryExecute(request), action, target);

    /// <summary>Sends a request that is answered by success or an error, and returns which.</summary>
    private NetlinkAnswer TryExecute(scoped in NetlinkWriter request)
    {
        Send(request);
        while (true)
        {
            ReadOnlySpan<byte> datagram = Receive();
            while (NetlinkMessage.TryTake(ref datagram, out var message))
            {
                if (message.Sequence == _sequence && message.Type == NetlinkMessageType.Error)
                    return NetlinkAnswer.Read(message);
            }
        }
    }

    /// <summary>Turns one message of an answer into a value; false if the message is of no interest.</summary>
    private delegate bool MessageParser<T>(NetlinkMessage message, out T item);

    /// <summary>Sends a request for one object (no NLM_F_DUMP, with NLM_F_ACK): the object, if any, comes before the verdict.</summary>
    private NetlinkAnswer Get<T>(scoped in NetlinkWriter request, MessageParser<T> parse, out T? item)
    {
        item = default;
        Send(request);
        while (true)
        {
            ReadOnlySpan<byte> datagram = Receive();
            while (NetlinkMessage.TryTake(ref datagram, out var message))
            {
                if (message.Sequence != _sequence)
                    continue;
                if (message.Type == NetlinkMessageType.Error)
                    return NetlinkAnswer.Read(message);
                if (parse(message, out var found))
                    item = found;
            }
        }
    }

    /// <summary>Reads a whole table. When it changes under the reader the kernel says so, and the reading starts again.</summary>
    private List<T> Dump<T>(scoped in NetlinkWriter request, string what, MessageParser<T> parse)
    {
        for (var attempt = 0; attempt < DumpAttempts; attempt++)
        {
            var items = new List<T>();
            Send(request);
            if (ReadDump(items, what, parse))
                return items;
        }
        throw new LinuxException("list", what, Errno.EAGAIN, "the table changes all the time; try again");
    }

    // Reads to the end in any case, so that the next request does not meet old answers. False: it must be read again.
    private bool ReadDump<T>(List<T> items, string what, MessageParser<T> parse)
    {
        var consistent = true;
        while (true)
        {
            ReadOnlySpan<byte> datagram = Receive();
            while (NetlinkMessage.TryTake(ref datagram, out var message))
            {
                if (message.Sequence != _sequence)
                    continue;
                consistent &= !message.Flags.HasFlag(NetlinkFlags.DumpInterrupted);
                if (message.Type is NetlinkMessageType.Done or NetlinkMessageType.Error)
                {
                    var answer = NetlinkAnswer.Read(message);
                    if (answer.Errno is not Errno.EINTR)
                        ThrowIfFailed(answer, "list", what);
                    return consistent && answer.Errno == Errno.None;
                }
                if (parse(message, out var item))
                    items.Add(item);
            }
        }
    }

    private static void ThrowIfFailed(NetlinkAnswer answer, string action, string target)
    {
        if (answer.Errno != Errno.None)
            throw Failure(answer, action, target);
    }

    private static LinuxException Failure(NetlinkAnswer answer, string action, string target)
        => new(action, target, answer.Errno, answer.Text is null ? null : $"the kernel says: {answer.Text}");

    private unsafe void Send(scoped in NetlinkWriter request)
    {
        var bytes = request.Finish(++_sequence);
        // All zero but the family: to the kernel. Spelled out, since a socket that somebody connected would go elsewhere.
        var kernel = new NetlinkSocketAddress { Family = AF_NETLINK };
        fixed (byte* start = bytes)
        {
            Kernel.Check(
                Kernel.Call(Syscall.Sendto, _socket.Number, (nint)start, bytes.Length, 0, (nint)(&kernel), sizeof(NetlinkSocketAddress)),
                "send to", "a route netlink socket");
        }
    }

    // A datagram of the kernel. Any process may send to our port; what does not come from port 0, the kernel, is dropped.
    private unsafe Span<byte> Receive()
    {
        const int MSG_TRUNC = 0x20;
        while (true)
        {
            NetlinkSocketAddress sender;
            var size = sizeof(NetlinkSocketAddress);
            long length;
            fixed (byte* start = _buffer)
            {
                length = Kernel.Check(
                    Kernel.Call(Syscall.Recvfrom, _socket.Number, (nint)start, _buffer.Length, MSG_TRUNC, (nint)(&sender), (nint)(&size)),
                    "receive from", "a route netlink socket");
            }
            if (size < sizeof(NetlinkSocketAddress) || sender.PortId != 0)
                continue;
            if (length > _buffer.Length)
                throw new LinuxException("receive from", "a route netlink socket", Errno.EMSGSIZE);
            return _buffer.AsSpan(0, (int)length);
        }
    }

    /// <summary>struct sockaddr_nl.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct NetlinkSocketAddress
    {
        public ushort Family;
        public ushort Padding;
        public uint PortId;
        public uint Groups;
    }
}
