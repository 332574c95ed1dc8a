using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Nftables;

/// <summary>
/// How many entries the tables of ip_tables and ip6_tables have, which iptables-legacy fills and nftables does not see
/// (linux/netfilter_ipv4/ip_tables.h).
/// </summary>
public static unsafe class LegacyRuleCount
{
    private const int NameLength = 32; // XT_TABLE_MAXNAMELEN

    /// <summary>A raw socket of one family tells of its tables.</summary>
    /// <param name="Family">The socket's family.</param>
    /// <param name="Level">Of getsockopt(2): SOL_IP or SOL_IPV6.</param>
    /// <param name="NamesFile">The tables that are in use, a line each, below /proc/PID/net.</param>
    public readonly record struct Kind(int Family, int Level, string NamesFile);

    /// <summary>IPv4 and IPv6.</summary>
    public static IReadOnlyList<Kind> Kinds { get; } = [new(2, 0, "ip_tables_names"), new(10, 41, "ip6_tables_names")];

    /// <summary>The tables of a process's network namespace that are in use; none if the kernel has no such tables.</summary>
    public static IReadOnlyList<string> TablesOf(int pid, Kind kind)
        => Cgroups.CgroupFile.Read(Files.CurrentDirectory, $"/proc/{pid}/net/{kind.NamesFile}", out var text) == Errno.None
            ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [];

    /// <summary>Counts the entries of one table, without those that every table has: the policy of each hook, and its end.</summary>
    /// <param name="socket">A raw socket of the kind's family, opened in the namespace.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="table">The table: <c>filter</c>.</param>
    public static long Read(FileDescriptor socket, Kind kind, string table)
    {
        const int IPT_SO_GET_INFO = 64;
        var information = new TableInformation();
        var name = Encoding.ASCII.GetBytes(table);
        if (name.Length >= NameLength)
            return 0;
        name.CopyTo(new Span<byte>(information.Name, NameLength));
        var size = sizeof(TableInformation);
        var result = Kernel.Call(Syscall.Getsockopt, socket.Number, kind.Level, IPT_SO_GET_INFO, (nint)(&information), (nint)(&size));
        // It was unloaded since it was listed.
        if (Kernel.ErrnoOf(result) is Errno.ENOENT or Errno.ENOPROTOOPT)
            return 0;
        Kernel.Check(result, "count the entries of", $"the iptables table {table}");
        return Math.Max(0, information.Entries - BitOperations.PopCount(information.Hooks) - 1);
    }

    /// <summary>struct ipt_getinfo, and ip6t_getinfo.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct TableInformation
    {
        public fixed byte Name[NameLength];
        public uint Hooks;
        public fixed uint HookEntry[5];
        public fixed uint Underflow[5];
        public uint Entries;
        public uint Size;
    }
}
