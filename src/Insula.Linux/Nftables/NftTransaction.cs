using System.Buffers.Binary;
using Insula.Linux.Netlink;

namespace Insula.Linux.Nftables;

/// <summary>
/// Changes of nftables that are carried out together or not at all, in their order: <see cref="NftSocket.Commit"/>. Nothing that exists already is an
/// error unless it is said so; to delete what is not there is.
/// </summary>
/// <param name="generation">Of <see cref="NftSocket.ReadGeneration"/>, if all of it is to fail with ERESTART when somebody has changed anything since; else null.</param>
public sealed partial class NftTransaction(uint? generation = null)
{
    // Some 100 bytes each: all in one attribute, whose length has 16 bits.
    private const int ElementsPerMessage = 400;

    private readonly NftablesBatch _batch = new(generation);
    private uint _nextSetId = 1;

    internal NftablesBatch Batch => _batch;

    /// <summary>True if nothing is to be changed.</summary>
    public bool IsEmpty => _batch.Changes == 0;

    /// <summary>Makes a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="mustBeNew">EEXIST if there is one.</param>
    public void AddTable(NftTable table, bool mustBeNew = false) => Table(NftMessage.NewTable, table, Create(mustBeNew));

    /// <summary>Deletes a table with all that is in it.</summary>
    public void DeleteTable(NftTable table) => Table(NftMessage.DeleteTable, table, NetlinkFlags.None);

    /// <summary>Makes a chain that others jump to.</summary>
    public void AddChain(NftTable table, string chain, bool mustBeNew = false)
    {
        var message = _batch.Start(NftMessage.NewChain, Create(mustBeNew), table.Family);
        message.Attribute(Nfta.ChainTable, table.Name);
        message.Attribute(Nfta.ChainName, chain);
        _batch.Add(message);
    }

    /// <summary>
    /// Makes the chain that sees what arrives by one link (family netdev); EEXIST if there is one of that name. Kernels before 6.16 delete it with
    /// the link, later ones keep it for the next link of that name.
    /// </summary>
    public void AddIngressChain(NftTable table, string chain, string link, int priority)
    {
        var message = _batch.Start(NftMessage.NewChain, Create(mustBeNew: true), table.Family);
        message.Attribute(Nfta.ChainTable, table.Name);
        message.Attribute(Nfta.ChainName, chain);
        var hook = message.BeginNested(Nfta.ChainHook);
        message.BigEndianAttribute(Nfta.HookNumber, NftValue.HookIngress);
        message.BigEndianAttribute(Nfta.HookPriority, unchecked((uint)priority));
        message.Attribute(Nfta.HookDevice, link);
        message.EndNested(hook);
        message.Attribute(Nfta.ChainType, "filter");
        _batch.Add(message);
    }

    /// <summary>Deletes a chain with its rules.</summary>
    public void DeleteChain(NftTable table, string chain)
    {
        var message = _batch.Start(NftMessage.DeleteChain, NetlinkFlags.None, table.Family);
        message.Attribute(Nfta.ChainTable, table.Name);
        message.Attribute(Nfta.ChainName, chain);
        _batch.Add(message);
    }

    /// <summary>Adds a rule at the end of a chain.</summary>
    public void AddRule(NftTable table, string chain, NftRule rule)
    {
        foreach (var ranges in rule.Ranges)
            AddRanges(table, ranges);
        var message = _batch.Start(NftMessage.NewRule, NetlinkFlags.Create | NetlinkFlags.Append, table.Family);
        message.Attribute(Nfta.RuleTable, table.Name);
        message.Attribute(Nfta.RuleChain, chain);
        rule.Write(ref message);
        _batch.Add(message);
    }

    /// <summary>Makes a set or map.</summary>
    public void AddSet(NftTable table, NftSet set)
    {
        var message = _batch.Start(NftMessage.NewSet, NetlinkFlags.Create, table.Family);
        message.Attribute(Nfta.SetTable, table.Name);
        message.Attribute(Nfta.SetName, set.Name);
        message.BigEndianAttribute(Nfta.SetFlags, set.Flags);
        message.BigEndianAttribute(Nfta.SetKeyType, set.KeyType);
        message.BigEndianAttribute(Nfta.SetKeyLength, (uint)set.KeyLength);
        if (set.MapsToMark)
        {
            message.BigEndianAttribute(Nfta.SetDataType, (uint)NftType.Mark);
            message.BigEndianAttribute(Nfta.SetDataLength, (uint)NftSet.SizeOf(NftType.Mark));
        }
        if (set.MapsToCounter)
            message.BigEndianAttribute(Nfta.SetObjectType, NftValue.ObjectCounter);
        AddSetDetails(ref message, set);
        message.BigEndianAttribute(Nfta.SetId, _nextSetId++);
        if (set.UserData is { Length: > 0 } userData)
            message.Attribute(Nfta.SetUserData, userData);
        _batch.Add(message);
    }

    /// <summary>Deletes a set with its elements; EBUSY if a rule still asks for it.</summary>
    public void DeleteSet(NftTable table, NftSet set)
    {
        var message = _batch.Start(NftMessage.DeleteSet, NetlinkFlags.None, table.Family);
        message.Attribute(Nfta.SetTable, table.Name);
        message.Attribute(Nfta.SetName, set.Name);
        _batch.Add(message);
    }

    /// <summary>Puts keys into a set.</summary>
    public void AddElements(NftTable table, NftSet set, IReadOnlyList<byte[]> keys)
        => Elements(NftMessage.NewElement, NetlinkFlags.Create, table, set, keys, static (ref NetlinkWriter _, byte[] _) => { });

    /// <summary>Puts a key with a number into a map to marks.</summary>
    public void AddElement(NftTable table, NftSet map, byte[] key, uint mark)
        => Elements(NftMessage.NewElement, NetlinkFlags.Create, table, map, [key], (ref NetlinkWriter message, byte[] _) =>
        {
            var data = message.BeginNested(Nfta.ElementData);
            message.Attribute(Nfta.DataValue, BitConverter.GetBytes(mark));
            message.EndNested(data);
        });

    /// <summary>Puts a key with a counter into a map to counters.</summary>
    public void AddElement(NftTable table, NftSet map, byte[] key, string counter)
        => Elements(NftMessage.NewElement, NetlinkFlags.Create, table, map, [key], (ref NetlinkWriter message, byte[] _) => message.Attribute(Nfta.ElementObject, counter));

    /// <summary>Takes keys out of a set; ENOENT if one is not in it.</summary>
    public void DeleteElements(NftTable table, NftSet set, IReadOnlyList<byte[]> keys)
        => Elements(NftMessage.DeleteElement, NetlinkFlags.None, table, set, keys, static (ref NetlinkWriter _, byte[] _) => { });

    /// <summary>Makes a counter; one that is there goes on counting.</summary>
    public void AddCounter(NftTable table, NftCounter counter)
    {
        var message = _batch.Start(NftMessage.NewObject, NetlinkFlags.Create, table.Family);
        message.Attribute(Nfta.ObjectTable, table.Name);
        message.Attribute(Nfta.ObjectName, counter.Name);
        message.BigEndianAttribute(Nfta.ObjectType, NftValue.ObjectCounter);
        var data = message.BeginNested(Nfta.ObjectData);
        message.Attribute(Nfta.CounterBytes, BigEndian(counter.Bytes));
        message.Attribute(Nfta.CounterPackets, BigEndian(counter.Packets));
        message.EndNested(data);
        _batch.Add(message);
    }

    /// <summary>Deletes a counter; EBUSY if a map still has it.</summary>
    public void DeleteCounter(NftTable table, string name)
    {
        var message = _batch.Start(NftMessage.DeleteObject, NetlinkFlags.None, table.Family);
        message.Attribute(Nfta.ObjectTable, table.Name);
        message.Attribute(Nfta.ObjectName, name);
        message.BigEndianAttribute(Nfta.ObjectType, NftValue.ObjectCounter);
        _batch.Add(message);
    }

    private delegate void ElementWriter(ref NetlinkWriter message, byte[] key);

    private void Elements(ushort type, NetlinkFlags flags, NftTable table, NftSet set, IReadOnlyList<byte[]> keys, ElementWriter writeMore)
    {
        for (var first = 0; first < keys.Count; first += ElementsPerMessage)
        {
            var message = _batch.Start(type, flags, table.Family);
            message.Attribute(Nfta.ElementsTable, table.Name);
            message.Attribute(Nfta.ElementsSet, set.Name);
            var elements = message.BeginNested(Nfta.Elements);
            for (var i = first; i < Math.Min(keys.Count, first + ElementsPerMessage); i++)
            {
                var element = message.BeginNested(Nfta.ListElement);
                WriteKey(ref message, keys[i]);
                writeMore(ref message, keys[i]);
                message.EndNested(element);
            }
            message.EndNested(elements);
            _batch.Add(message);
        }
    }

    internal static void WriteKey(ref NetlinkWriter message, byte[] bytes)
    {
        var key = message.BeginNested(Nfta.ElementKey);
        message.Attribute(Nfta.DataValue, bytes);
        message.EndNested(key);
    }

    private void Table(ushort type, NftTable table, NetlinkFlags flags)
    {
        var message = _batch.Start(type, flags, table.Family);
        message.Attribute(Nfta.TableName, table.Name);
        _batch.Add(message);
    }

    private static NetlinkFlags Create(bool mustBeNew) => mustBeNew ? NetlinkFlags.Create | NetlinkFlags.Exclusive : NetlinkFlags.Create;

    private static byte[] BigEndian(ulong number)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }
}
