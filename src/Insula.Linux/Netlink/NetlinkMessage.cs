using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using Insula.Linux.Syscalls;

namespace Insula.Linux.Netlink;

/// <summary>One received message. Reading past its end is an error of type <see cref="LinuxException"/> (EBADMSG), nothing else.</summary>
internal readonly ref struct NetlinkMessage
{
    private NetlinkMessage(NetlinkHeader header, ReadOnlySpan<byte> payload)
    {
        Type = header.Type;
        Flags = header.Flags;
        Sequence = header.Sequence;
        Payload = payload;
    }

    public NetlinkMessageType Type { get; }

    public NetlinkFlags Flags { get; }

    public uint Sequence { get; }

    /// <summary>What follows the message header.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Takes the next message off the front of <paramref name="datagram"/>; false when it is used up.</summary>
    /// <exception cref="LinuxException">EBADMSG: the bytes are no message.</exception>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> datagram, out NetlinkMessage message)
    {
        message = default;
        if (datagram.IsEmpty)
            return false;
        var headerSize = Unsafe.SizeOf<NetlinkHeader>();
        if (datagram.Length < headerSize)
            throw Malformed($"{datagram.Length} bytes are too few for a header");
        var header = MemoryMarshal.Read<NetlinkHeader>(datagram);
        if (header.Length < headerSize || header.Length > datagram.Length)
            throw Malformed($"a message of {header.Length} bytes in {datagram.Length}");
        message = new NetlinkMessage(header, datagram[headerSize..(int)header.Length]);
        datagram = datagram[Math.Min(NetlinkLayout.Align((int)header.Length), datagram.Length)..];
        return true;
    }

    /// <summary>The fixed part at the start of the payload.</summary>
    public T Fixed<T>() where T : unmanaged => ReadFixed<T>(Payload);

    /// <summary>The attributes after the fixed part.</summary>
    public AttributeReader AttributesAfter<T>() where T : unmanaged => new(AfterFixed<T>(Payload));

    /// <summary>The fixed part at the start of <paramref name="bytes"/>.</summary>
    public static T ReadFixed<T>(ReadOnlySpan<byte> bytes) where T : unmanaged
        => bytes.Length >= Unsafe.SizeOf<T>()
            ? MemoryMarshal.Read<T>(bytes)
            : throw Malformed($"{bytes.Length} bytes where {Unsafe.SizeOf<T>()} belong");

    private static ReadOnlySpan<byte> AfterFixed<T>(ReadOnlySpan<byte> bytes) where T : unmanaged
    {
        var size = NetlinkLayout.Align(Unsafe.SizeOf<T>());
        return bytes.Length <= size ? default : bytes[size..];
    }

    internal static LinuxException Malformed(string why) => new("understand a netlink message:", why, Errno.EBADMSG);
}
