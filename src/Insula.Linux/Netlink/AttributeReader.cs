using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Insula.Linux.Netlink;

/// <summary>Walks over attributes: <c>while (reader.Next()) switch (reader.Type) ...</c>. Bounds are checked at every step.</summary>
/// <param name="bytes">The attributes, one after the other.</param>
internal ref struct AttributeReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>The attribute's type without its flag bits.</summary>
    public ushort Type { get; private set; }

    /// <summary>The attribute's content.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next attribute; false at the end.</summary>
    /// <exception cref="Syscalls.LinuxException">EBADMSG: it does not fit.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
            return false;
        var headerSize = Unsafe.SizeOf<AttributeHeader>();
        var header = NetlinkMessage.ReadFixed<AttributeHeader>(_rest);
        if (header.Length < headerSize || header.Length > _rest.Length)
            throw NetlinkMessage.Malformed($"attribute {header.Type} of {header.Length} bytes in {_rest.Length}");
        Type = (ushort)(header.Type & NetlinkLayout.TypeMask);
        Value = _rest[headerSize..header.Length];
        _rest = _rest[Math.Min(NetlinkLayout.Align(header.Length), _rest.Length)..];
        return true;
    }

    /// <summary>The content as attributes.</summary>
    public readonly AttributeReader Nested() => new(Value);

    /// <summary>The content as one 32-bit number.</summary>
    public readonly uint UInt32() => Exactly(sizeof(uint)) ? MemoryMarshal.Read<uint>(Value) : throw Wrong("a number");

    /// <summary>The content as one signed 32-bit number, such as a link's index.</summary>
    public readonly int Int32() => (int)UInt32();

    /// <summary>The content as one byte.</summary>
    public readonly byte Byte() => Exactly(1) ? Value[0] : throw Wrong("a byte");

    /// <summary>The content as an address.</summary>
    public readonly IpAddress IpAddress() => Netlink.IpAddress.TryFromBytes(Value, out var address) ? address : throw Wrong("an address");

    /// <summary>The content as text up to its NUL.</summary>
    public readonly string Text()
    {
        var end = Value.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? Value : Value[..end]);
    }

    private readonly bool Exactly(int size) => Value.Length == size;

    private readonly Syscalls.LinuxException Wrong(string expected)
        => NetlinkMessage.Malformed($"attribute {Type} has {Value.Length} bytes and is not {expected}");
}
