using System.Buffers.Binary;
using System.Runtime.InteropServices;

using Insula.Linux.Netlink;

namespace Insula.Linux.Nftables;

/// <summary>
/// Messages that nftables carries out all or not at all: begin, the changes, end. Errors are always answered; that it has gone well is asked for with
/// the last change only, since thousands of answers would overflow the socket.
/// </summary>
internal sealed class NftablesBatch
{
    /// <summary>Room for one message. An attribute's length has 16 bits.</summary>
    public const int LongestMessage = 1 << 16;

    private byte[] _buffer = new byte[LongestMessage];
    private int _length;
    private int _last;
    private uint _sequence;

    /// <param name="generation">The state of the rules that the changes rest on: ERESTART if somebody has changed any since. Null: whatever it is.</param>
    public NftablesBatch(uint? generation = null) => AddMark(NftMessage.BatchBegin, generation);

    /// <summary>How many there are. They are numbered from 1; 0 is the batch itself.</summary>
    public uint Changes { get; private set; }

    /// <summary>Starts a message; <see cref="Add"/> ends it.</summary>
    public NetlinkWriter Start(ushort type, NetlinkFlags flags, NftFamily family)
    {
        MakeRoom();
        return Start(_buffer.AsSpan(_length), type, flags, (byte)family, 0);
    }

    /// <summary>Adds a message that <see cref="Start(ushort, NetlinkFlags, NftFamily)"/> started.</summary>
    public void Add(in NetlinkWriter message)
    {
        _last = _length;
        Append(message);
        Changes++;
    }

    /// <summary>The whole batch.</summary>
    public ReadOnlySpan<byte> Finish()
    {
        if (Changes > 0)
            MemoryMarshal.AsRef<NetlinkHeader>(_buffer.AsSpan(_last)).Flags |= NetlinkFlags.Ack;
        AddMark(NftMessage.BatchEnd);
        return _buffer.AsSpan(0, _length);
    }

    /// <summary>A message outside of a batch.</summary>
    public static NetlinkWriter Start(Span<byte> buffer, ushort type, NetlinkFlags flags, byte family, ushort resource)
    {
        var message = new NetlinkWriter(buffer, (NetlinkMessageType)type, flags);
        message.Append(new NetfilterHeader { Family = family, ResourceBigEndian = BinaryPrimitives.ReverseEndianness(resource) });
        return message;
    }

    private void MakeRoom()
    {
        if (_buffer.Length - _length < LongestMessage)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + LongestMessage));
    }

    private void AddMark(ushort type, uint? generation = null)
    {
        MakeRoom();
        var mark = Start(_buffer.AsSpan(_length), type, NetlinkFlags.None, 0, NftMessage.Subsystem);
        if (generation is { } known)
            mark.BigEndianAttribute(Nfta.BatchGeneration, known);
        Append(mark);
    }

    private void Append(in NetlinkWriter message) => _length += message.Finish(_sequence++).Length;

    /// <summary>struct nfgenmsg.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct NetfilterHeader
    {
        public byte Family;
        public byte Version;
        public ushort ResourceBigEndian;
    }
}
