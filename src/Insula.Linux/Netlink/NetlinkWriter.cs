using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Insula.Linux.Netlink;

/// <summary>
/// Writes one netlink message into a buffer of the caller: header, fixed part, attributes. Everything is aligned to 4 bytes
/// and padding is zero (netlink(7), RFC 3549 section 2.2). Numbers are in the host's byte order, addresses in the network's.
/// </summary>
internal ref struct NetlinkWriter
{
    private readonly Span<byte> _buffer;
    private int _length;

    /// <param name="buffer">Room for the message; 256 bytes hold every message without nesting.</param>
    public NetlinkWriter(Span<byte> buffer, NetlinkMessageType type, NetlinkFlags flags)
    {
        _buffer = buffer;
        var header = new NetlinkHeader { Type = type, Flags = flags | NetlinkFlags.Request };
        Append(header);
    }

    /// <summary>Adds a fixed part: the family's header, or one inside a nested attribute.</summary>
    public void Append<T>(in T value) where T : unmanaged
        => MemoryMarshal.Write(Reserve(Unsafe.SizeOf<T>()), in value);

    /// <summary>Adds an attribute of bytes.</summary>
    public void Attribute(ushort type, ReadOnlySpan<byte> value) => value.CopyTo(ReserveAttribute(type, value.Length));

    /// <summary>Adds an attribute of one 32-bit number.</summary>
    public void Attribute(ushort type, uint value)
        => MemoryMarshal.Write(ReserveAttribute(type, sizeof(uint)), in value);

    /// <summary>Adds an attribute of one 64-bit number.</summary>
    public void Attribute(ushort type, ulong value)
        => MemoryMarshal.Write(ReserveAttribute(type, sizeof(ulong)), in value);

    /// <summary>Adds an attribute that is one structure.</summary>
    public void Structure<T>(ushort type, in T value) where T : unmanaged
        => MemoryMarshal.Write(ReserveAttribute(type, Unsafe.SizeOf<T>()), in value);

    /// <summary>Adds an attribute of one 32-bit number in network byte order, as nftables wants them.</summary>
    public void BigEndianAttribute(ushort type, uint value)
        => BinaryPrimitives.WriteUInt32BigEndian(ReserveAttribute(type, sizeof(uint)), value);

    /// <summary>Adds an attribute of one byte.</summary>
    public void Attribute(ushort type, byte value) => ReserveAttribute(type, 1)[0] = value;

    /// <summary>Adds an address in network byte order.</summary>
    public void Attribute(ushort type, IpAddress value) => value.CopyTo(ReserveAttribute(type, value.Length));

    /// <summary>Adds a hardware address.</summary>
    public void Attribute(ushort type, MacAddress value) => value.CopyTo(ReserveAttribute(type, MacAddress.Length));

    /// <summary>Adds a string with its terminating NUL.</summary>
    public void Attribute(ushort type, string value)
    {
        var room = ReserveAttribute(type, Encoding.UTF8.GetByteCount(value) + 1);
        Encoding.UTF8.GetBytes(value, room);
    }

    /// <summary>Opens an attribute that holds others; its end is told to <see cref="EndNested"/>.</summary>
    public int BeginNested(ushort type)
    {
        var start = _length;
        Append(new AttributeHeader { Type = type });
        return start;
    }

    /// <summary>Closes what <see cref="BeginNested"/> opened.</summary>
    public readonly void EndNested(int start)
        => MemoryMarshal.Write(_buffer[start..], (ushort)(_length - start));

    /// <summary>The whole message, numbered.</summary>
    public readonly Span<byte> Finish(uint sequence)
    {
        ref var header = ref MemoryMarshal.AsRef<NetlinkHeader>(_buffer);
        header.Length = (uint)_length;
        header.Sequence = sequence;
        return _buffer[.._length];
    }

    private Span<byte> ReserveAttribute(ushort type, int size)
    {
        var headerSize = Unsafe.SizeOf<AttributeHeader>();
        var room = Reserve(headerSize + size);
        MemoryMarshal.Write(room, new AttributeHeader { Length = (ushort)(headerSize + size), Type = type });
        return room[headerSize..];
    }

    // The buffer may be dirty (stackalloc without zeroing), and padding must not tell the kernel old stack content.
    private Span<byte> Reserve(int size)
    {
        var room = _buffer.Slice(_length, NetlinkLayout.Align(size));
        room.Clear();
        _length += room.Length;
        return room[..size];
    }
}
