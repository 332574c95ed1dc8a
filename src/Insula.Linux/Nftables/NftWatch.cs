using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Nftables;

/// <summary>
/// Hears of changes to one table that somebody else than named programs has made (NFNLGRP_NFTABLES). The kernel tells of each change, and after those
/// of one transaction which program it was.
/// </summary>
public sealed class NftWatch : IDisposable
{
    private const int NETLINK_NETFILTER = 12;
    private const int NFNLGRP_NFTABLES = 7;

    private readonly NetlinkSocket _socket = NetlinkSocket.Open(NETLINK_NETFILTER, "a socket for changes of nftables");
    private readonly NftTable _table;
    private readonly string[] _ours;
    private readonly Dictionary<string, NftCounter> _deleted = [];
    private bool _touched;

    /// <param name="table">The table.</param>
    /// <param name="ours">Names of programs (/proc/PID/comm) whose changes are not of interest.</param>
    public NftWatch(NftTable table, params string[] ours)
    {
        _table = table;
        _ours = ours;
        _socket.Join(NFNLGRP_NFTABLES);
    }

    /// <summary>To wait for.</summary>
    public FileDescriptor Descriptor => _socket.Descriptor;

    /// <summary>The last figures of counters that were deleted by others and not yet asked for.</summary>
    public IReadOnlyCollection<NftCounter> TakeDeletedCounters()
    {
        NftCounter[] counters = [.. _deleted.Values];
        _deleted.Clear();
        return counters;
    }

    /// <summary>Reads what has arrived.</summary>
    /// <returns>True if somebody else has changed the table, or may have.</returns>
    public bool Read()
    {
        var changed = false;
        while (true)
        {
            var errno = _socket.TryReceive(out var datagram);
            if (errno == Errno.EAGAIN)
                return changed;
            if (errno == Errno.ENOBUFS)
            {
                changed = true;
                continue;
            }
            if (errno != Errno.None)
                throw new LinuxException("read", "changes of nftables", errno);
            while (NetlinkMessage.TryTake(ref datagram, out var message))
                changed |= Take(message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private bool Take(NetlinkMessage message)
    {
        var header = message.Fixed<NftablesBatch.NetfilterHeader>();
        var attributes = message.AttributesAfter<NftablesBatch.NetfilterHeader>();
        switch ((ushort)message.Type)
        {
            case NftMessage.NewGeneration:
                var touched = _touched;
                _touched = false;
                if (!touched || !IsOurs(attributes))
                    return touched;
                _deleted.Clear();
                return false;
            case NftMessage.DeleteObject when header.Family == (byte)_table.Family:
                if (NftSocket.ReadCounter(attributes, out var owner) is { } counter && owner == _table.Name)
                    _deleted[counter.Name] = counter;
                break;
            case NftMessage.DeleteTable or NftMessage.DeleteChain or NftMessage.DeleteRule or NftMessage.NewRule or NftMessage.DeleteSet or NftMessage.DeleteElement
                when header.Family == (byte)_table.Family:
                // The table's name is the first attribute of each of these.
                _touched |= attributes.Next() && attributes.Type == Nfta.TableName && attributes.Text() == _table.Name;
                break;
            default:
                break;
        }
        return false;
    }

    private bool IsOurs(AttributeReader generation)
    {
        while (generation.Next())
        {
            if (generation.Type == Nfta.GenerationProcessName)
                return _ours.Contains(generation.Text());
        }
        return false;
    }
}
