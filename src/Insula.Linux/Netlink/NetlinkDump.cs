using Insula.Linux.Syscalls;

namespace Insula.Linux.Netlink;

/// <summary>Reads tables over a netlink socket of any protocol. Not for use by two threads at once.</summary>
internal sealed class NetlinkDump(NetlinkSocket socket)
{
    private uint _sequence;

    /// <summary>Told of each message of a table.</summary>
    public delegate void Visitor(NetlinkMessage message);

    /// <summary>
    /// Reads a whole table. One that changes meanwhile may show an entry twice or not at all, which is good enough to count.
    /// </summary>
    /// <returns>None, or why the kernel does not give the table.</returns>
    public Errno TryRead(scoped in NetlinkWriter request, Visitor visit)
    {
        socket.Send(request.Finish(++_sequence));
        while (true)
        {
            var datagram = socket.Receive();
            while (NetlinkMessage.TryTake(ref datagram, out var message))
            {
                if (message.Sequence != _sequence)
                    continue;
                if (message.Type is NetlinkMessageType.Done or NetlinkMessageType.Error)
                    return NetlinkAnswer.Read(message).Errno is Errno.EINTR ? Errno.None : NetlinkAnswer.Read(message).Errno;
                visit(message);
            }
        }
    }

    /// <summary>Sends a request for one thing (with NLM_F_ACK), whose answer is not of interest.</summary>
    /// <returns>None, or why there is no answer: ENOENT.</returns>
    public Errno TryAsk(scoped in NetlinkWriter request) => TryRead(request, static _ => { });
}
