using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Packets;

/// <summary>Sends and receives whole Ethernet frames on one link (packet(7)).</summary>
public sealed unsafe class PacketSocket : IDisposable
{
    private const int AF_PACKET = 17;
    private const int LongestFrame = 2048;

    private readonly FileDescriptor _socket;
    private readonly string _name;
    private readonly byte[] _buffer = new byte[LongestFrame];

    /// <summary>Opens a socket.</summary>
    /// <param name="link">The link, which is up.</param>
    /// <param name="etherType">What it receives: <see cref="ArpPacket.EtherType"/>.</param>
    public PacketSocket(LinkInfo link, ushort etherType)
    {
        const int SOCK_RAW = 3;
        const int SOCK_CLOEXEC = 0x80000;
        _name = $"link {link.Name}";
        var protocol = BinaryPrimitives.ReverseEndianness(etherType);
        // Protocol 0 receives nothing before it is bound to its link.
        _socket = new FileDescriptor((int)Kernel.Check(Kernel.Call(Syscall.Socket, AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), "open", "a packet socket"));
        var address = new LinkAddress { Family = AF_PACKET, ProtocolBigEndian = protocol, Index = link.Index };
        try
        {
            Kernel.Check(Kernel.Call(Syscall.Bind, _socket.Number, (nint)(&address), sizeof(LinkAddress)), "bind a packet socket to", _name);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>To wait for.</summary>
    public FileDescriptor Descriptor => _socket;

    /// <summary>Sends a frame with its Ethernet header.</summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        fixed (byte* start = frame)
            Kernel.Check(Kernel.Call(Syscall.Sendto, _socket.Number, (nint)start, frame.Length, 0, 0, 0), "send to", _name);
    }

    /// <summary>A frame that has arrived, valid until the next call; empty if there is none. Frames that this host sends are not among them.</summary>
    public ReadOnlySpan<byte> TryReceive()
    {
        const int MSG_DONTWAIT = 0x40;
        const byte PACKET_OUTGOING = 4;
        while (true)
        {
            LinkAddress sender;
            var size = sizeof(LinkAddress);
            long length;
            fixed (byte* start = _buffer)
                length = Kernel.Call(Syscall.Recvfrom, _socket.Number, (nint)start, _buffer.Length, MSG_DONTWAIT, (nint)(&sender), (nint)(&size));
            if (Kernel.ErrnoOf(length) == Errno.EAGAIN)
                return default;
            Kernel.Check(length, "receive from", _name);
            if (sender.PacketType != PACKET_OUTGOING)
                return _buffer.AsSpan(0, (int)length);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    /// <summary>struct sockaddr_ll.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct LinkAddress
    {
        public ushort Family;
        public ushort ProtocolBigEndian;
        public int Index;
        public ushort HardwareType;
        public byte PacketType;
        public byte AddressLength;
        public ulong Address;
    }
}
