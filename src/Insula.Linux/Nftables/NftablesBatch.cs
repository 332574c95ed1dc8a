using System.Buffers.Binary;
using System.Runtime.InteropServices;

using Insula.Linux.Netlink;

namespace Insula.Linux.Nftables;

/// <summary>Messages that nftables carries out all or not at all: begin, the changes, end. Each change asks for an answer.</summary>
internal sealed class NftablesBatch
{
    private readonly byte[] _buffer = new byte[2048];
    private int _length;
    private uint _sequence;

    public NftablesBatch() => AddMark(NftMessage.BatchBegin);

    /// <summary>How many answers come: one a change. The changes are numbered from 1; 0 is the batch itself.</summary>
    public uint Changes { get; private set; }

    /// <summary>Starts a message; <see cref="Add"/> ends it.</summary>
    public NetlinkWriter Start(ushort type, NetlinkFlags flags) => Start(_buffer.AsSpan(_length), type, flags | NetlinkFlags.Ack, NftValue.FamilyInet, 0);

    /// <summary>Adds a message that <see cref="Start(ushort, NetlinkFlags)"/> started.</summary>
    public void Add(in NetlinkWriter message)
    {
        Append(message);
        Changes++;
    }

    /// <summary>The whole batch.</summary>
    public ReadOnlySpan<byte> Finish()
    {
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

    private void AddMark(ushort type) => Append(Start(_buffer.AsSpan(_length), type, NetlinkFlags.None, 0, NftMessage.Subsystem));

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
