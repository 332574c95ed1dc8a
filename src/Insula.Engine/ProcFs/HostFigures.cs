using System.Globalization;

namespace Insula.Engine.ProcFs;

/// <summary>The host's memory, from its /proc/meminfo; in bytes.</summary>
public static class HostFigures
{
    /// <summary>Understands /proc/meminfo: <c>MemTotal:       24600000 kB</c>, a line each.</summary>
    public static MemoryFigures ParseMemory(string text)
    {
        var values = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [var name, var number, ..] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
                values[name.TrimEnd(':')] = value * (words.Length > 2 ? 1024 : 1);
        }
        return FromValues(name => values.GetValueOrDefault(name));
    }

    private static MemoryFigures FromValues(Func<string, long> value) => new()
    {
        Total = value("MemTotal"),
        Used = value("MemTotal") - value("MemFree"),
        Cache = value("Cached") + value("Buffers"),
        ActiveFile = value("Active(file)"),
        InactiveFile = value("Inactive(file)"),
        ActiveAnonymous = value("Active(anon)"),
        InactiveAnonymous = value("Inactive(anon)"),
        Unevictable = value("Unevictable"),
        Anonymous = value("AnonPages"),
        HugeAnonymous = value("AnonHugePages"),
        Mapped = value("Mapped"),
        Shared = value("Shmem"),
        Dirty = value("Dirty"),
        Writeback = value("Writeback"),
        ReclaimableSlab = value("SReclaimable"),
        UnreclaimableSlab = value("SUnreclaim"),
        KernelStacks = value("KernelStack"),
        PageTables = value("PageTables"),
        SwapTotal = value("SwapTotal"),
        SwapUsed = value("SwapTotal") - value("SwapFree"),
    };
}
