using System.Runtime.InteropServices;

using Insula.Linux.Syscalls;

namespace Insula.Linux.Netlink;

/// <summary>A netlink socket: datagrams to the kernel and back, whatever the protocol says in them.</summary>
internal sealed class NetlinkSocket : IDisposable
{
    // The kernel fills dumps in pieces of at most 32 KiB, if the reader's buffer takes that much (netlink_dump).
    private const int BufferSize = 32 * 1024;
    private const int AF_NETLINK = 16;

    private readonly FileDescriptor _socket;
    private readonly string _name;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);

    /// <summary>Takes over a socket of family AF_NETLINK and that protocol.</summary>
    /// <param name="socket">Closed if it is another kind of socket.</param>
    /// <param name="protocol">NETLINK_ROUTE, NETLINK_NETFILTER.</param>
    /// <param name="name">For messages: "a route netlink socket".</param>
    /// <exception cref="LinuxException">EPROTONOSUPPORT: it is another kind of socket.</exception>
    public NetlinkSocket(FileDescriptor socket, int protocol, string name)
    {
        _socket = socket;
        _name = name;
        try
        {
            RequireProtocol(protocol);
            EnableOptions();
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Opens a socket in the network namespace of this process.</summary>
    public static NetlinkSocket Open(int protocol, string name)
    {
        const int SOCK_RAW = 3;
        const int SOCK_CLOEXEC = 0x80000;
        return new NetlinkSocket(
            new FileDescriptor((int)Kernel.Check(Kernel.Call(Syscall.Socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol), "open", name)),
            protocol, name);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>Sends one or more messages.</summary>
    public unsafe void Send(ReadOnlySpan<byte> messages)
    {
        // All zero but the family: to the kernel. Spelled out, since a socket that somebody connected would go elsewhere.
        var kernel = new NetlinkSocketAddress { Family = AF_NETLINK };
        fixed (byte* start = messages)
        {
            Kernel.Check(
                Kernel.Call(Syscall.Sendto, _socket.Number, (nint)start, messages.Length, 0, (nint)(&kernel), sizeof(NetlinkSocketAddress)),
                "send to", _name);
        }
    }

    /// <summary>
    /// The next datagram of the kernel, valid until the next call. Any process may send to our port; what does not come from
    /// port 0, the kernel, is dropped.
    /// </summary>
    public unsafe ReadOnlySpan<byte> Receive()
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
                    "receive from", _name);
            }
            if (size < sizeof(NetlinkSocketAddress) || sender.PortId != 0)
                continue;
            if (length > _buffer.Length)
                throw new LinuxException("receive from", _name, Errno.EMSGSIZE);
            return _buffer.AsSpan(0, (int)length);
        }
    }

    /// <summary>Lets one datagram of so many bytes be sent, beyond what the host's settings allow (CAP_NET_ADMIN).</summary>
    public unsafe void MakeRoomToSend(int bytes)
    {
        const int SOL_SOCKET = 1;
        const int SO_SNDBUF = 7;
        const int SO_SNDBUFFORCE = 32;
        const int overhead = 4096;
        if (Option(SOL_SOCKET, SO_SNDBUF) >= bytes + overhead)
            return;
        // The kernel doubles it.
        var size = bytes + overhead;
        Kernel.Check(
            Kernel.Call(Syscall.Setsockopt, _socket.Number, SOL_SOCKET, SO_SNDBUFFORCE, (nint)(&size), sizeof(int)), "enlarge the buffer of", _name);
    }

    /// <summary>Also gets what the kernel tells everybody of a group (netlink(7)).</summary>
    public unsafe void Join(int group)
    {
        const int SOL_NETLINK = 270;
        const int NETLINK_ADD_MEMBERSHIP = 1;
        // What is told to everybody is not told to port 0, which a socket has that was never bound nor has sent anything.
        var any = new NetlinkSocketAddress { Family = AF_NETLINK };
        Kernel.Check(Kernel.Call(Syscall.Bind, _socket.Number, (nint)(&any), sizeof(NetlinkSocketAddress)), "bind", _name);
        Kernel.Check(
            Kernel.Call(Syscall.Setsockopt, _socket.Number, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, (nint)(&group), sizeof(int)), "listen on", _name);
    }

    /// <summary>To wait for it together with others.</summary>
    public FileDescriptor Descriptor => _socket;

    /// <summary>As <see cref="Receive"/> for what has arrived already.</summary>
    /// <returns>None; EAGAIN: there is nothing; ENOBUFS: the kernel had to throw something away.</returns>
    public unsafe Errno TryReceive(out ReadOnlySpan<byte> datagram)
    {
        const int MSG_DONTWAIT = 0x40;
        datagram = default;
        while (true)
        {
            NetlinkSocketAddress sender;
            var size = sizeof(NetlinkSocketAddress);
            long length;
            fixed (byte* start = _buffer)
                length = Kernel.Call(Syscall.Recvfrom, _socket.Number, (nint)start, _buffer.Length, MSG_DONTWAIT, (nint)(&sender), (nint)(&size));
            if (length < 0)
                return Kernel.ErrnoOf(length);
            if (size < sizeof(NetlinkSocketAddress) || sender.PortId != 0)
                continue;
            datagram = _buffer.AsSpan(0, (int)length);
            return Errno.None;
        }
    }

    private void RequireProtocol(int protocol)
    {
        const int SOL_SOCKET = 1;
        const int SO_PROTOCOL = 38;
        const int SO_DOMAIN = 39;
        if (Option(SOL_SOCKET, SO_DOMAIN) != AF_NETLINK || Option(SOL_SOCKET, SO_PROTOCOL) != protocol)
            throw new LinuxException("use another socket as", _name, Errno.EPROTONOSUPPORT);
    }

    private unsafe int Option(int level, int option)
    {
        int value = 0, size = sizeof(int);
        Kernel.Check(
            Kernel.Call(Syscall.Getsockopt, _socket.Number, level, option, (nint)(&value), (nint)(&size)),
            "inspect", _name);
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
                "set an option of", _name, "Linux 4.20 or newer is needed");
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
