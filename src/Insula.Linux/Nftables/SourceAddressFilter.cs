using Insula.Linux.Netlink;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Nftables;

/// <summary>
/// An nftables table with one rule, for IPv4 and IPv6: what comes in by a link whose name begins with a given text is dropped unless its
/// source address is routed to that very link. As nft(8) writes it:
/// <code>
/// table inet NAME {
///   chain source { type filter hook prerouting priority raw; policy accept;
///     iifname "venet*" fib saddr . iif oif missing drop } }
/// </code>
/// The kernel has rp_filter for IPv4 only.
/// </summary>
/// <param name="table">The table's name; it is ours alone.</param>
/// <param name="linkPrefix">How the links' names begin.</param>
public sealed class SourceAddressFilter(string table, string linkPrefix)
{
    private const int NETLINK_NETFILTER = 12;
    private const string ChainName = "source";

    /// <summary>Makes sure that the rule is in force in the network namespace of this process.</summary>
    /// <returns>True if it had to be made.</returns>
    /// <exception cref="LinuxException">The kernel has no nftables, or refused.</exception>
    public bool Ensure()
    {
        using var socket = Open();
        if (Exists(socket))
            return false;
        Commit(socket, Installation(), "install");
        return true;
    }

    /// <summary>True if the rule is in force.</summary>
    public bool IsInstalled()
    {
        using var socket = Open();
        return Exists(socket);
    }

    /// <summary>Removes the table. False if there was none.</summary>
    public bool Remove()
    {
        using var socket = Open();
        if (!Exists(socket))
            return false;
        var batch = new NftablesBatch();
        AddTable(batch, NftMessage.DeleteTable, NetlinkFlags.None);
        Commit(socket, batch, "remove");
        return true;
    }

    private static NetlinkSocket Open() => NetlinkSocket.Open(NETLINK_NETFILTER, "an nftables socket");

    // A table appears together with its rule, since a batch is carried out whole.
    private bool Exists(NetlinkSocket socket)
    {
        var request = NftablesBatch.Start(
            stackalloc byte[256], NftMessage.GetTable, NetlinkFlags.Ack, NftValue.FamilyInet, 0);
        request.Attribute(Nfta.TableName, table);
        socket.Send(request.Finish(1));
        while (true)
        {
            var datagram = socket.Receive();
            while (NetlinkMessage.TryTake(ref datagram, out var message))
            {
                if (message.Type != NetlinkMessageType.Error)
                    continue;
                var answer = NetlinkAnswer.Read(message);
                return answer.Errno switch
                {
                    Errno.None => true,
                    Errno.ENOENT => false,
                    _ => throw Failure("look up", answer),
                };
            }
        }
    }

    // Two commands may do this at once: the second finds the table (no NLM_F_EXCL), removes it and makes it anew, in one step.
    private NftablesBatch Installation()
    {
        var batch = new NftablesBatch();
        AddTable(batch, NftMessage.NewTable, NetlinkFlags.Create);
        AddTable(batch, NftMessage.DeleteTable, NetlinkFlags.None);
        AddTable(batch, NftMessage.NewTable, NetlinkFlags.Create);
        AddChain(batch);
        AddRule(batch);
        return batch;
    }

    private void AddTable(NftablesBatch batch, ushort type, NetlinkFlags flags)
    {
        var message = batch.Start(type, flags);
        message.Attribute(Nfta.TableName, table);
        batch.Add(message);
    }

    private void AddChain(NftablesBatch batch)
    {
        var message = batch.Start(NftMessage.NewChain, NetlinkFlags.Create);
        message.Attribute(Nfta.ChainTable, table);
        message.Attribute(Nfta.ChainName, ChainName);
        var hook = message.BeginNested(Nfta.ChainHook);
        message.BigEndianAttribute(Nfta.HookNumber, NftValue.HookPreRouting);
        message.BigEndianAttribute(Nfta.HookPriority, unchecked((uint)NftValue.PriorityRaw));
        message.EndNested(hook);
        message.Attribute(Nfta.ChainType, "filter");
        batch.Add(message);
    }

    private void AddRule(NftablesBatch batch)
    {
        var message = batch.Start(NftMessage.NewRule, NetlinkFlags.Create | NetlinkFlags.Append);
        message.Attribute(Nfta.RuleTable, table);
        message.Attribute(Nfta.RuleChain, ChainName);
        var expressions = message.BeginNested(Nfta.RuleExpressions);
        AddLinkName(ref message);
        AddCompare(ref message, System.Text.Encoding.ASCII.GetBytes(linkPrefix));
        AddReverseRoute(ref message);
        AddCompare(ref message, [0, 0, 0, 0]);
        AddDrop(ref message);
        message.EndNested(expressions);
        batch.Add(message);
    }

    private static void AddLinkName(ref NetlinkWriter message)
    {
        var (element, data) = BeginExpression(ref message, "meta");
        message.BigEndianAttribute(Nfta.MetaKey, NftValue.MetaInputName);
        message.BigEndianAttribute(Nfta.MetaRegister, NftValue.Register1);
        EndExpression(ref message, element, data);
    }

    // Compares as many bytes as the value has: a prefix of the name.
    private static void AddCompare(ref NetlinkWriter message, ReadOnlySpan<byte> value)
    {
        var (element, data) = BeginExpression(ref message, "cmp");
        message.BigEndianAttribute(Nfta.CompareRegister, NftValue.Register1);
        message.BigEndianAttribute(Nfta.CompareOperation, NftValue.CompareEqual);
        var nested = message.BeginNested(Nfta.CompareData);
        message.Attribute(Nfta.DataValue, value);
        message.EndNested(nested);
        EndExpression(ref message, element, data);
    }

    // Register 1 = 1 if the source address has a route by the link the packet came in by, else 0.
    private static void AddReverseRoute(ref NetlinkWriter message)
    {
        var (element, data) = BeginExpression(ref message, "fib");
        message.BigEndianAttribute(Nfta.FibFlags, NftValue.FibSourceByInputLink);
        message.BigEndianAttribute(Nfta.FibResult, NftValue.FibResultOutputLink);
        message.BigEndianAttribute(Nfta.FibRegister, NftValue.Register1);
        EndExpression(ref message, element, data);
    }

    private static void AddDrop(ref NetlinkWriter message)
    {
        var (element, data) = BeginExpression(ref message, "immediate");
        message.BigEndianAttribute(Nfta.ImmediateRegister, NftValue.RegisterVerdict);
        var value = message.BeginNested(Nfta.ImmediateData);
        var verdict = message.BeginNested(Nfta.DataVerdict);
        message.BigEndianAttribute(Nfta.VerdictCode, NftValue.VerdictDrop);
        message.EndNested(verdict);
        message.EndNested(value);
        EndExpression(ref message, element, data);
    }

    private static (int Element, int Data) BeginExpression(ref NetlinkWriter message, string name)
    {
        var element = message.BeginNested(Nfta.ListElement);
        message.Attribute(Nfta.ExpressionName, name);
        return (element, message.BeginNested(Nfta.ExpressionData));
    }

    private static void EndExpression(ref NetlinkWriter message, int element, int data)
    {
        message.EndNested(data);
        message.EndNested(element);
    }

    // Every change is answered; if carrying out all of them fails, the batch itself (number 0) is answered with the error.
    private void Commit(NetlinkSocket socket, NftablesBatch batch, string action)
    {
        socket.Send(batch.Finish());
        for (var answers = 0u; answers < batch.Changes;)
        {
            var datagram = socket.Receive();
            while (NetlinkMessage.TryTake(ref datagram, out var message))
            {
                if (message.Type != NetlinkMessageType.Error)
                    continue;
                var answer = NetlinkAnswer.Read(message);
                if (answer.Errno != Errno.None)
                    throw Failure(action, answer);
                answers++;
            }
        }
    }

    private LinuxException Failure(string action, NetlinkAnswer answer)
        => new($"{action} nftables table", table, answer.Errno, answer.Text is null ? null : $"the kernel says: {answer.Text}");
}
