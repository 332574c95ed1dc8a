using Insula.Linux.Launch;
using Insula.Linux.Nftables;
using Insula.Linux.Sockets;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters;

/// <summary>
/// What is in the network namespaces of containers. Counts of sockets are read from outside; for buffers and filter rules sockets are
/// opened there, for many containers at a time. Such a socket counts too, and for a while after it was closed, as the kernel frees it
/// later; so the counts of a namespace are taken before the first one is opened in it.
/// </summary>
/// <param name="inits">The inits of all containers that will be asked about.</param>
internal sealed class NetworkFigures(IReadOnlyList<int> inits)
{
    private const int AF_NETLINK = 16, SOCK_RAW = 3, IPPROTO_RAW = 255;

    // Each takes two descriptors for a moment, and a process may have 1,024.
    private const int Batch = 256;

    private readonly Dictionary<int, SocketCounts> _counts = [];
    private readonly Dictionary<int, SocketMemory> _memory = [];
    private readonly Dictionary<int, long> _rules = [];

    /// <summary>How many sockets there are.</summary>
    public SocketCounts CountsOf(int init)
    {
        if (!_counts.TryGetValue(init, out var counts))
            _counts[init] = counts = SocketCounts.TryRead(init) ?? default;
        return counts;
    }

    /// <summary>What the sockets hold in their buffers.</summary>
    public SocketMemory MemoryOf(int init)
    {
        // Asking costs the kernel a walk over all sockets of the host, so only where there are any.
        if (!_memory.ContainsKey(init))
            Ask(init, SocketDiagnostics.Protocol, pid => CountsOf(pid).All > 0, _memory, ReadMemory);
        return _memory[init];
    }

    /// <summary>How many packet filter rules there are.</summary>
    public long RulesOf(int init)
    {
        if (!_rules.ContainsKey(init))
            Ask(init, RuleCount.Protocol, _ => true, _rules, RuleCount.Read);
        return _rules[init] + LegacyRulesOf(init);
    }

    private void Ask<T>(int init, int protocol, Func<int, bool> isWorthwhile, Dictionary<int, T> answers, Func<FileDescriptor, T> ask)
        where T : struct
    {
        List<int> batch = [.. inits.SkipWhile(other => other != init).Take(Batch)];
        if (batch.Count == 0)
            batch = [init];
        foreach (var pid in batch)
        {
            answers[pid] = default;
            CountsOf(pid);
        }
        batch = batch.FindAll(pid => isWorthwhile(pid));
        if (batch.Count == 0)
            return;
        var sockets = NamespaceEntry.OpenSockets(batch, AF_NETLINK, SOCK_RAW, protocol);
        try
        {
            for (var i = 0; i < batch.Count; i++)
            {
                if (sockets[i] is { } socket)
                    answers[batch[i]] = ask(socket);
            }
        }
        finally
        {
            foreach (var socket in sockets)
                socket?.Dispose();
        }
    }

    private static SocketMemory ReadMemory(FileDescriptor socket)
    {
        using var diagnostics = new SocketDiagnostics(socket);
        return diagnostics.ReadMemory();
    }

    private static long LegacyRulesOf(int init)
    {
        long count = 0;
        foreach (var kind in LegacyRuleCount.Kinds)
        {
            var tables = LegacyRuleCount.TablesOf(init, kind);
            if (tables.Count == 0)
                continue;
            using var socket = NamespaceEntry.OpenSockets([init], kind.Family, SOCK_RAW, IPPROTO_RAW)[0];
            if (socket is not null)
                count += tables.Sum(table => LegacyRuleCount.Read(socket, kind, table));
        }
        return count;
    }
}
