using System.Globalization;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Beancounters;

/// <summary>/proc/meminfo, with lines such as <c>MemTotal:       24623132 kB</c>.</summary>
/// <param name="procDirectory">/proc, or what a test puts in its place.</param>
internal sealed class HostMemory(string procDirectory = "/proc")
{
    private Dictionary<string, long>? _values;

    /// <summary>A figure in KiB; 0 where this kernel has none of that name.</summary>
    public long this[string name] => (_values ??= ReadAll()).GetValueOrDefault(name);

    /// <summary>One figure of this host, in KiB.</summary>
    public static long Read(string name) => new HostMemory()[name];

    private Dictionary<string, long> ReadAll()
    {
        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines($"{procDirectory}/meminfo"))
        {
            var words = line.Split((char[])[':', ' '], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var kib))
                throw new LinuxException("understand", $"\"{line}\" in {procDirectory}/meminfo", Errno.EPROTO);
            values[words[0]] = kib;
        }
        return values;
    }
}
