using Insula.Linux.Syscalls;

namespace Insula.Linux.Netlink;

/// <summary>
/// A route netlink socket (rtnetlink(7)): links, addresses, routes and neighbours of the network namespace in which the socket
/// was opened, whatever namespace the caller is in. Each request waits for the kernel's answer. Not for use by two threads at once.
/// Every method throws <see cref="LinuxException"/> with what was tried, on what, the error and the kernel's own explanation.
/// </summary>
public sealed partial class RouteSocket : IDisposable
{
    private const int RequestSize = 512;
    private const int DumpAttempts = 16;
    private const int NETLINK_ROUTE = 0;
    private const string SocketName = "a route netlink socket";

    private readonly NetlinkSocket _socket;
    private uint _sequence;

    private RouteSocket(NetlinkSocket socket) => _socket = socket;

    /// <summary>
    /// Takes over a socket of family AF_NETLINK, type SOCK_RAW or SOCK_DGRAM, protocol NETLINK_ROUTE, which may have been opened
    /// in another network namespace.
    /// </summary>
    /// <exception cref="LinuxException">EPROTONOSUPPORT: it is another kind of socket; it is closed then.</exception>
    public RouteSocket(FileDescriptor socket)
        : this(new NetlinkSocket(socket, NETLINK_ROUTE, SocketName))
    {
    }

    /// <summary>Opens a socket in the network namespace of this process.</summary>
    public static RouteSocket Open() => new(NetlinkSocket.Open(NETLINK_ROUTE, SocketName));

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Sends a request that is answered by success or an error.</summary>
    private void Execute(scoped in NetlinkWriter request, string action, string target)
        => ThrowIfFailed(TryExecute(request), action, target);

    /// <summary>Sends a request that is answered by success or an error, and returns which.</summary>
    private NetlinkAnswer TryExecute(scoped in NetlinkWriter request)
    {
        Send(request);
        while (true)
        {
            var datagram = Receive();
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
            var datagram = Receive();
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
            var datagram = Receive();
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

    private void Send(scoped in NetlinkWriter request) => _socket.Send(request.Finish(++_sequence));

    private ReadOnlySpan<byte> Receive() => _socket.Receive();
}
