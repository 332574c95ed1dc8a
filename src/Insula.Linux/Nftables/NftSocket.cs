using System.Buffers.Binary;
using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Nftables;

/// <summary>nftables of the network namespace of this process. Not for use by two threads at once.</summary>
public sealed class NftSocket : IDisposable
{
    private const int NETLINK_NETFILTER = 12;

    private readonly NetlinkSocket _socket = NetlinkSocket.Open(NETLINK_NETFILTER, "an nftables socket");
    private readonly NetlinkDump _dump;

    /// <summary>Opens the socket.</summary>
    /// <exception cref="LinuxException">EPROTONOSUPPORT: the kernel has no nfnetlink.</exception>
    public NftSocket() => _dump = new NetlinkDump(_socket);

    /// <summary>True for what a kernel answers that lacks nfnetlink, nftables, a family of tables or an expression.</summary>
    public static bool IsMissingFeature(Errno errno)
        => errno is Errno.EPROTONOSUPPORT or Errno.EAFNOSUPPORT or Errno.EOPNOTSUPP or Errno.EINVAL;

    /// <summary>Carries out changes, all or none.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="what">For the message: "guard veth101.0".</param>
    /// <exception cref="LinuxException">One of them failed: nothing has changed.</exception>
    public void Commit(NftTransaction changes, string what)
    {
        var answer = TryCommit(changes);
        if (answer.Errno != Errno.None)
            throw new LinuxException(what, "with nftables", answer.Errno, answer.Text is null ? null : $"the kernel says: {answer.Text}");
    }

    /// <summary>As <see cref="Commit"/>, with the reason as the result.</summary>
    public Errno TryCommit(NftTransaction changes, out string? text)
    {
        var answer = TryCommit(changes);
        text = answer.Text;
        return answer.Errno;
    }

    // The first error is the reason; the others mostly follow from it. If carrying out fails as a whole, the batch (number 0) is answered.
    private NetlinkAnswer TryCommit(NftTransaction changes)
    {
        if (changes.IsEmpty)
            return default;
        var batch = changes.Batch.Finish();
        _socket.MakeRoomToSend(batch.Length);
        _socket.Send(batch);
        NetlinkAnswer first = default;
        while (true)
        {
            var datagram = _socket.Receive();
            while (NetlinkMessage.TryTake(ref datagram, out var message))
            {
                if (message.Type != NetlinkMessageType.Error)
                    continue;
                if (first.Errno == Errno.None)
                    first = NetlinkAnswer.Read(message);
                if (message.Sequence == 0 || message.Sequence == changes.Batch.Changes)
                    return first;
            }
        }
    }

    /// <summary>A number that changes with every change of the namespace's tables.</summary>
    public uint ReadGeneration()
    {
        var request = NftablesBatch.Start(stackalloc byte[256], NftMessage.GetGeneration, NetlinkFlags.Ack, 0, 0);
        uint generation = 0;
        Read(request, "the generation of the tables", NftMessage.NewGeneration, attributes =>
        {
            while (attributes.Next())
            {
                if (attributes.Type == Nfta.GenerationId)
                    generation = BinaryPrimitives.ReverseEndianness(attributes.UInt32());
            }
        });
        return generation;
    }

    /// <summary>True if there is such a table.</summary>
    public bool HasTable(NftTable table)
    {
        var request = NftablesBatch.Start(stackalloc byte[256], NftMessage.GetTable, NetlinkFlags.Ack, (byte)table.Family, 0);
        request.Attribute(Nfta.TableName, table.Name);
        return Exists(request, table.ToString());
    }

    /// <summary>True if there is such a chain.</summary>
    public bool HasChain(NftTable table, string chain)
    {
        var request = NftablesBatch.Start(stackalloc byte[256], NftMessage.GetChain, NetlinkFlags.Ack, (byte)table.Family, 0);
        request.Attribute(Nfta.ChainTable, table.Name);
        request.Attribute(Nfta.ChainName, chain);
        return Exists(request, $"{table} {chain}");
    }

    /// <summary>True if there is such a set.</summary>
    public bool HasSet(NftTable table, string name)
    {
        var request = NftablesBatch.Start(stackalloc byte[256], NftMessage.GetSet, NetlinkFlags.Ack, (byte)table.Family, 0);
        request.Attribute(Nfta.SetTable, table.Name);
        request.Attribute(Nfta.SetName, name);
        return Exists(request, $"{table} {name}");
    }

    /// <summary>True if there is such a counter.</summary>
    public bool HasCounter(NftTable table, string name) => HasObject(table, name, NftValue.ObjectCounter);

    /// <summary>True if there is such a limit.</summary>
    public bool HasLimit(NftTable table, string name) => HasObject(table, name, NftValue.ObjectLimit);

    private bool HasObject(NftTable table, string name, uint type)
    {
        var request = NftablesBatch.Start(stackalloc byte[256], NftMessage.GetObject, NetlinkFlags.Ack, (byte)table.Family, 0);
        request.Attribute(Nfta.ObjectTable, table.Name);
        request.Attribute(Nfta.ObjectName, name);
        request.BigEndianAttribute(Nfta.ObjectType, type);
        return Exists(request, $"{table} {name}");
    }

    /// <summary>True if a set has a key.</summary>
    public bool HasElement(NftTable table, NftSet set, byte[] key)
    {
        var request = NftablesBatch.Start(stackalloc byte[512], NftMessage.GetElement, NetlinkFlags.Ack, (byte)table.Family, 0);
        request.Attribute(Nfta.ElementsTable, table.Name);
        request.Attribute(Nfta.ElementsSet, set.Name);
        var elements = request.BeginNested(Nfta.Elements);
        var element = request.BeginNested(Nfta.ListElement);
        NftTransaction.WriteKey(ref request, key);
        request.EndNested(element);
        request.EndNested(elements);
        return Exists(request, $"{table} {set.Name}");
    }

    /// <summary>How many rules each chain of a table has; a chain without rules is not in it. Empty if there is no such table.</summary>
    public IReadOnlyDictionary<string, int> RulesByChain(NftTable table)
    {
        var counts = new Dictionary<string, int>();
        var request = NftablesBatch.Start(stackalloc byte[256], NftMessage.GetRule, NetlinkFlags.Dump, (byte)table.Family, 0);
        request.Attribute(Nfta.RuleTable, table.Name);
        Read(request, table.ToString(), NftMessage.NewRule, attributes =>
        {
            string owner = "", chain = "";
            while (attributes.Next())
            {
                if (attributes.Type == Nfta.RuleTable)
                    owner = attributes.Text();
                else if (attributes.Type == Nfta.RuleChain)
                    chain = attributes.Text();
            }
            if (owner == table.Name)
                counts[chain] = counts.GetValueOrDefault(chain) + 1;
        });
        return counts;
    }

    /// <summary>The elements of a set or map. Empty if there is no such set.</summary>
    public IReadOnlyList<NftElement> Elements(NftTable table, NftSet set)
    {
        var found = new List<NftElement>();
        var request = NftablesBatch.Start(stackalloc byte[256], NftMessage.GetElement, NetlinkFlags.Dump, (byte)table.Family, 0);
        request.Attribute(Nfta.ElementsTable, table.Name);
        request.Attribute(Nfta.ElementsSet, set.Name);
        Read(request, $"{table} {set.Name}", NftMessage.NewElement, attributes =>
        {
            while (attributes.Next())
            {
                if (attributes.Type != Nfta.Elements)
                    continue;
                var elements = attributes.Nested();
                while (elements.Next())
                    found.Add(ReadElement(elements.Nested()));
            }
        });
        return found;
    }

    private static NftElement ReadElement(AttributeReader element)
    {
        byte[] key = [];
        uint? mark = null;
        string? counter = null, comment = null;
        while (element.Next())
        {
            switch (element.Type)
            {
                case Nfta.ElementObject:
                    counter = element.Text();
                    break;
                case Nfta.ElementUserData:
                    comment = NftTransaction.ReadComment(element.Value);
                    break;
                case Nfta.ElementKey or Nfta.ElementData:
                    var value = element.Nested();
                    if (!value.Next())
                        break;
                    if (element.Type == Nfta.ElementKey)
                        key = value.Value.ToArray();
                    else if (value.Type == Nfta.DataValue && value.Value.Length == sizeof(uint))
                        mark = value.UInt32();
                    break;
                default:
                    break;
            }
        }
        return new NftElement(key, mark, counter) { Comment = comment };
    }

    /// <summary>The counters of a table. Empty if there is no such table.</summary>
    public IReadOnlyList<NftCounter> Counters(NftTable table)
    {
        var counters = new List<NftCounter>();
        var request = NftablesBatch.Start(stackalloc byte[256], NftMessage.GetObject, NetlinkFlags.Dump, (byte)table.Family, 0);
        request.Attribute(Nfta.ObjectTable, table.Name);
        request.BigEndianAttribute(Nfta.ObjectType, NftValue.ObjectCounter);
        Read(request, table.ToString(), NftMessage.NewObject, attributes =>
        {
            if (ReadCounter(attributes, out var owner) is { } counter && owner == table.Name)
                counters.Add(counter);
        });
        return counters;
    }

    internal static NftCounter? ReadCounter(AttributeReader attributes, out string table)
    {
        table = "";
        var name = "";
        ulong packets = 0, bytes = 0;
        uint type = 0;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Nfta.ObjectTable: table = attributes.Text(); break;
                case Nfta.ObjectName: name = attributes.Text(); break;
                case Nfta.ObjectType: type = BinaryPrimitives.ReverseEndianness(attributes.UInt32()); break;
                case Nfta.ObjectData: ReadFigures(attributes.Nested(), ref packets, ref bytes); break;
                default: break;
            }
        }
        return type == NftValue.ObjectCounter ? new NftCounter(name, packets, bytes) : null;
    }

    private static void ReadFigures(AttributeReader data, ref ulong packets, ref ulong bytes)
    {
        while (data.Next())
        {
            if (data.Value.Length != sizeof(ulong))
                continue;
            if (data.Type == Nfta.CounterPackets)
                packets = BinaryPrimitives.ReadUInt64BigEndian(data.Value);
            else if (data.Type == Nfta.CounterBytes)
                bytes = BinaryPrimitives.ReadUInt64BigEndian(data.Value);
        }
    }

    private delegate void AttributesVisitor(AttributeReader attributes);

    private void Read(scoped in NetlinkWriter request, string what, ushort type, AttributesVisitor visit)
    {
        var errno = _dump.TryRead(request, message =>
        {
            if (message.Type == (NetlinkMessageType)type)
                visit(message.AttributesAfter<NftablesBatch.NetfilterHeader>());
        });
        if (errno is not (Errno.None or Errno.ENOENT))
            throw new LinuxException("list", what, errno);
    }

    private bool Exists(scoped in NetlinkWriter request, string what)
    {
        var errno = _dump.TryAsk(request);
        return errno switch
        {
            Errno.None => true,
            Errno.ENOENT => false,
            _ => throw new LinuxException("look up", what, errno),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
