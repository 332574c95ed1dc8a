using System.Globalization;
using Insula.Engine.Host;

namespace Insula.Engine.Planning;

/// <summary>What a host has to divide among its containers.</summary>
/// <param name="Memory">RAM in bytes.</param>
/// <param name="Swap">Swap in bytes; 0 for none.</param>
/// <param name="LowMemory">Memory that the kernel itself can use, in bytes: all of it but on 32-bit machines.</param>
/// <param name="MaximumThreads">kernel.threads-max; 0 if it is not known.</param>
/// <param name="BogoMips">The sum over the processors (/proc/cpuinfo); 0 if the machine tells none.</param>
public sealed record HostResources(long Memory, long Swap, long LowMemory, long MaximumThreads, decimal BogoMips)
{
    /// <summary>RAM and swap in bytes.</summary>
    public long MemoryAndSwap => Memory + Swap;

    /// <summary>Reads those of a host.</summary>
    /// <exception cref="InsulaException">3: /proc/meminfo does not tell how much memory there is.</exception>
    public static HostResources Read(IHostView host)
    {
        var memory = host.Read("/proc/meminfo") ?? "";
        var total = KiB(memory, "MemTotal:")
            ?? throw new InsulaException(ExitCode.SystemError, "/proc/meminfo does not tell how much memory this host has", "Mount /proc");
        return new HostResources(
            total,
            KiB(memory, "SwapTotal:") ?? 0,
            KiB(memory, "LowTotal:") ?? total,
            long.TryParse(host.Read("/proc/sys/kernel/threads-max"), NumberStyles.None, CultureInfo.InvariantCulture, out var threads) ? threads : 0,
            SumOfBogoMips(host.Read("/proc/cpuinfo") ?? ""));
    }

    // "MemTotal:       24683620 kB"
    private static long? KiB(string text, string key)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(key, StringComparison.Ordinal))
                continue;
            var value = line[key.Length..].Trim();
            var end = value.IndexOf(' ');
            return long.TryParse(end < 0 ? value : value[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var kib) && kib <= long.MaxValue / 2048
                ? kib * 1024
                : null;
        }
        return null;
    }

    // "bogomips	: 4192.04" on x86, "BogoMIPS	: 50.00" on arm64; a line per processor.
    private static decimal SumOfBogoMips(string text)
    {
        var sum = 0m;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(':');
            if (colon > 0
                && line[..colon].Trim().Equals("bogomips", StringComparison.OrdinalIgnoreCase)
                && decimal.TryParse(line[(colon + 1)..].Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var mips))
                sum += mips;
        }
        return sum;
    }
}
