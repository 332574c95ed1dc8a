using System.Globalization;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Sockets;

/// <summary>How many sockets there are in a network namespace.</summary>
/// <param name="Tcp">TCP sockets that are bound, listen, or are connected; one that has only been opened is not seen as TCP yet.</param>
/// <param name="All">All sockets that processes have opened.</param>
public readonly record struct SocketCounts(long Tcp, long All)
{
    /// <summary>Sockets that are not TCP, with those TCP sockets that have only been opened.</summary>
    public long Others => Math.Max(0, All - Tcp);

    /// <summary>The counts of the network namespace of a process (/proc/PID/net shows it without going there); null if the process is gone.</summary>
    public static SocketCounts? TryRead(int pid)
    {
        var directory = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/net");
        return CgroupFile.Read(Files.CurrentDirectory, $"{directory}/protocols", out var protocols) == Errno.None
            && CgroupFile.Read(Files.CurrentDirectory, $"{directory}/sockstat", out var sockstat) == Errno.None
                ? Parse(protocols, sockstat)
                : null;
    }

    /// <summary>
    /// Parses /proc/net/protocols, <c>TCP       2304     11     157   no     192   yes  kernel ...</c> (name, size, sockets), and
    /// /proc/net/sockstat, <c>sockets: used 37</c>.
    /// </summary>
    internal static SocketCounts Parse(string protocols, string sockstat)
    {
        long tcp = 0, all = 0;
        Span<Range> words = stackalloc Range[4];
        foreach (var line in protocols.AsSpan().EnumerateLines())
        {
            if (line.SplitAny(words, " ", StringSplitOptions.RemoveEmptyEntries) == 4 && line[words[0]] is "TCP" or "TCPv6")
                tcp += Number(line[words[2]]);
        }
        foreach (var line in sockstat.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("sockets: used "))
                all = Number(line["sockets: used ".Length..]);
        }
        return new SocketCounts(tcp, all);
    }

    private static long Number(ReadOnlySpan<char> text)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : 0;
}
