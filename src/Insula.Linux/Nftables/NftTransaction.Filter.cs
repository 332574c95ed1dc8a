using System.Text;
using Insula.Linux.Netlink;

namespace Insula.Linux.Nftables;

/// <summary>Changes of tables that see more than what arrives by one link.</summary>
public sealed partial class NftTransaction
{
    /// <summary>Makes a chain that packets pass at a certain point of their way.</summary>
    /// <param name="table">The table.</param>
    /// <param name="chain">The chain's name.</param>
    /// <param name="type"><c>filter</c>, or <c>nat</c>, which sees the first packet of a connection.</param>
    /// <param name="hook">Where.</param>
    /// <param name="priority">Before those with a higher one.</param>
    public void AddHookChain(NftTable table, string chain, string type, NftHook hook, int priority)
    {
        var message = _batch.Start(NftMessage.NewChain, Create(mustBeNew: true), table.Family);
        message.Attribute(Nfta.ChainTable, table.Name);
        message.Attribute(Nfta.ChainName, chain);
        var nested = message.BeginNested(Nfta.ChainHook);
        message.BigEndianAttribute(Nfta.HookNumber, (uint)hook);
        message.BigEndianAttribute(Nfta.HookPriority, unchecked((uint)priority));
        message.EndNested(nested);
        message.Attribute(Nfta.ChainType, type);
        _batch.Add(message);
    }

    /// <summary>Empties a set.</summary>
    public void FlushSet(NftTable table, NftSet set)
    {
        var message = _batch.Start(NftMessage.DeleteElement, NetlinkFlags.None, table.Family);
        message.Attribute(Nfta.ElementsTable, table.Name);
        message.Attribute(Nfta.ElementsSet, set.Name);
        _batch.Add(message);
    }

    /// <summary>Puts keys into a set with a comment for nft(8).</summary>
    public void AddElements(NftTable table, NftSet set, IReadOnlyList<byte[]> keys, string comment)
        => Elements(NftMessage.NewElement, NetlinkFlags.Create, table, set, keys, (ref NetlinkWriter message, byte[] _) => message.Attribute(Nfta.ElementUserData, Comment(comment)));

    /// <summary>Puts a key with the chain to jump to into a map to verdicts; EEXIST if it is in it.</summary>
    public void AddJump(NftTable table, NftSet map, byte[] key, string chain, string comment)
        => Elements(NftMessage.NewElement, NetlinkFlags.Create | NetlinkFlags.Exclusive, table, map, [key], (ref NetlinkWriter message, byte[] _) =>
        {
            var data = message.BeginNested(Nfta.ElementData);
            var verdict = message.BeginNested(Nfta.DataVerdict);
            message.BigEndianAttribute(Nfta.VerdictCode, unchecked((uint)NftValue.VerdictJump));
            message.Attribute(Nfta.VerdictChain, chain);
            message.EndNested(verdict);
            message.EndNested(data);
            message.Attribute(Nfta.ElementUserData, Comment(comment));
        });

    /// <summary>Puts keys with their values into a map to values; EEXIST if one is in it.</summary>
    public void AddValues(NftTable table, NftSet map, IReadOnlyList<(byte[] Key, byte[] Value)> entries, string comment)
    {
        var values = entries.ToDictionary(entry => Convert.ToHexString(entry.Key), entry => entry.Value);
        Elements(
            NftMessage.NewElement, NetlinkFlags.Create | NetlinkFlags.Exclusive, table, map, [.. entries.Select(entry => entry.Key)],
            (ref NetlinkWriter message, byte[] key) =>
            {
                var data = message.BeginNested(Nfta.ElementData);
                message.Attribute(Nfta.DataValue, values[Convert.ToHexString(key)]);
                message.EndNested(data);
                message.Attribute(Nfta.ElementUserData, Comment(comment));
            });
    }

    /// <summary>Puts ranges into a set of ranges.</summary>
    public void AddRanges(NftTable table, NftSet set, IReadOnlyList<NftRange> ranges)
        => Ranges(table, set.Name, null, ranges);

    /// <summary>Makes a limit that rules share; one that is there goes on.</summary>
    /// <param name="table">The table.</param>
    /// <param name="name">Its name.</param>
    /// <param name="perMinute">Packets in a minute.</param>
    /// <param name="burst">So many more at once.</param>
    public void AddLimit(NftTable table, string name, ulong perMinute, uint burst)
    {
        var message = _batch.Start(NftMessage.NewObject, NetlinkFlags.Create, table.Family);
        message.Attribute(Nfta.ObjectTable, table.Name);
        message.Attribute(Nfta.ObjectName, name);
        message.BigEndianAttribute(Nfta.ObjectType, NftValue.ObjectLimit);
        var data = message.BeginNested(Nfta.ObjectData);
        message.Attribute(Nfta.LimitRate, BigEndian(perMinute));
        message.Attribute(Nfta.LimitUnit, BigEndian(60));
        message.BigEndianAttribute(Nfta.LimitBurst, burst);
        message.EndNested(data);
        _batch.Add(message);
    }

    /// <summary>Deletes a limit; EBUSY if a rule has it.</summary>
    public void DeleteLimit(NftTable table, string name)
    {
        var message = _batch.Start(NftMessage.DeleteObject, NetlinkFlags.None, table.Family);
        message.Attribute(Nfta.ObjectTable, table.Name);
        message.Attribute(Nfta.ObjectName, name);
        message.BigEndianAttribute(Nfta.ObjectType, NftValue.ObjectLimit);
        _batch.Add(message);
    }

    // A comment as nft(8) keeps it (libnftnl's udata.h): type 0, the length, the text with its NUL.
    private static byte[] Comment(string text) => [0, (byte)(Encoding.UTF8.GetByteCount(text) + 1), .. Encoding.UTF8.GetBytes(text), 0];

    internal static string? ReadComment(ReadOnlySpan<byte> data)
        => data.Length >= 3 && data[0] == 0 && data[1] is var length and > 0 && data.Length >= length + 2 ? Encoding.UTF8.GetString(data.Slice(2, length - 1)) : null;

    private static void AddSetDetails(ref NetlinkWriter message, NftSet set)
    {
        if (set.MapsToVerdict)
            message.BigEndianAttribute(Nfta.SetDataType, NftValue.DataVerdict);
        if (set.Data.Count > 0)
        {
            message.BigEndianAttribute(Nfta.SetDataType, set.DataType);
            message.BigEndianAttribute(Nfta.SetDataLength, (uint)set.DataLength);
        }
        if (set.Timeout is { } timeout)
            message.Attribute(Nfta.SetTimeout, BigEndian((ulong)timeout.TotalMilliseconds));
        if (set.MaximumSize == 0)
            return;
        var description = message.BeginNested(Nfta.SetDescription);
        message.BigEndianAttribute(Nfta.SetDescriptionSize, set.MaximumSize);
        message.EndNested(description);
    }

    private void AddRanges(NftTable table, NftRangeSet ranges)
    {
        var set = new NftSet(NftRangeSet.Name, ranges.Key);
        ranges.Id = _nextSetId++;
        var message = _batch.Start(NftMessage.NewSet, NetlinkFlags.Create, table.Family);
        message.Attribute(Nfta.SetTable, table.Name);
        message.Attribute(Nfta.SetName, set.Name);
        message.BigEndianAttribute(Nfta.SetFlags, NftValue.SetAnonymous | NftValue.SetConstant | NftValue.SetInterval);
        message.BigEndianAttribute(Nfta.SetKeyType, set.KeyType);
        message.BigEndianAttribute(Nfta.SetKeyLength, (uint)set.KeyLength);
        message.BigEndianAttribute(Nfta.SetId, ranges.Id);
        _batch.Add(message);
        Ranges(table, set.Name, ranges.Id, ranges.Ranges);
    }

    // Each range is two elements: where it begins, and the first value behind it.
    private void Ranges(NftTable table, string set, uint? id, IReadOnlyList<NftRange> ranges)
    {
        for (var first = 0; first < ranges.Count; first += ElementsPerMessage / 2)
        {
            var message = _batch.Start(NftMessage.NewElement, NetlinkFlags.Create, table.Family);
            message.Attribute(Nfta.ElementsTable, table.Name);
            message.Attribute(Nfta.ElementsSet, set);
            if (id is { } number)
                message.BigEndianAttribute(Nfta.ElementsSetId, number);
            var elements = message.BeginNested(Nfta.Elements);
            for (var i = first; i < Math.Min(ranges.Count, first + (ElementsPerMessage / 2)); i++)
            {
                AddRangeElement(ref message, ranges[i].First, 0);
                if (ranges[i].End is { } end)
                    AddRangeElement(ref message, end, NftValue.ElementEndsInterval);
            }
            message.EndNested(elements);
            _batch.Add(message);
        }
    }

    private static void AddRangeElement(ref NetlinkWriter message, byte[] key, uint flags)
    {
        var element = message.BeginNested(Nfta.ListElement);
        WriteKey(ref message, key);
        if (flags != 0)
            message.BigEndianAttribute(Nfta.ElementFlags, flags);
        message.EndNested(element);
    }
}
