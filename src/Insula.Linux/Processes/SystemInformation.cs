using System.Runtime.InteropServices;

namespace Insula.Linux.Processes;

/// <summary>What sysinfo(2) tells. Memory is in bytes.</summary>
/// <param name="Uptime">Seconds, rounded up as the kernel does.</param>
/// <param name="Loads">Load averages over 1, 5 and 15 minutes, in hundredths.</param>
/// <param name="TotalMemory">Memory there is.</param>
/// <param name="FreeMemory">Memory that is used for nothing.</param>
/// <param name="SharedMemory">tmpfs and shared memory.</param>
/// <param name="TotalSwap">Swap there is.</param>
/// <param name="FreeSwap">Swap that is not used.</param>
/// <param name="Tasks">Processes and threads.</param>
public sealed record SystemInformation(
    long Uptime, (long One, long Five, long Fifteen) Loads, long TotalMemory, long FreeMemory, long SharedMemory, long TotalSwap, long FreeSwap, long Tasks)
{
    // SI_LOAD_SHIFT: loads are in 65536ths.
    private const int LoadShift = 16;

    /// <summary>The structure as the kernel writes it, native or 32-bit.</summary>
    public byte[] ToBytes(bool is32Bit)
    {
        if (is32Bit)
            return Bytes(To32());
        return Bytes(new Native
        {
            Uptime = Uptime,
            Load1 = Fixed(Loads.One),
            Load5 = Fixed(Loads.Five),
            Load15 = Fixed(Loads.Fifteen),
            TotalRam = (ulong)TotalMemory,
            FreeRam = (ulong)FreeMemory,
            SharedRam = (ulong)SharedMemory,
            TotalSwap = (ulong)TotalSwap,
            FreeSwap = (ulong)FreeSwap,
            Processes = Count,
            Unit = 1,
        });
    }

    private ushort Count => (ushort)Math.Clamp(Tasks, 0, ushort.MaxValue);

    // As kernel/sys.c: where bytes do not fit, the unit grows up to a page.
    private Compat To32()
    {
        var unit = 0;
        while (((TotalMemory | TotalSwap) >> unit) > uint.MaxValue && 1 << unit < 4096)
            unit++;
        return new Compat
        {
            Uptime = (int)Math.Min(Uptime, int.MaxValue),
            Load1 = (uint)Fixed(Loads.One),
            Load5 = (uint)Fixed(Loads.Five),
            Load15 = (uint)Fixed(Loads.Fifteen),
            TotalRam = In(unit, TotalMemory),
            FreeRam = In(unit, FreeMemory),
            SharedRam = In(unit, SharedMemory),
            TotalSwap = In(unit, TotalSwap),
            FreeSwap = In(unit, FreeSwap),
            Processes = Count,
            Unit = 1u << unit,
        };
    }

    private static uint In(int unit, long bytes) => (uint)Math.Min(bytes >> unit, uint.MaxValue);

    private static ulong Fixed(long hundredths) => (ulong)((hundredths << LoadShift) / 100);

    private static byte[] Bytes<T>(T value)
        where T : unmanaged
        => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray();

    /// <summary>struct sysinfo of linux/sysinfo.h on 64-bit architectures.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Native
    {
        public long Uptime;
        public ulong Load1;
        public ulong Load5;
        public ulong Load15;
        public ulong TotalRam;
        public ulong FreeRam;
        public ulong SharedRam;
        public ulong BufferRam;
        public ulong TotalSwap;
        public ulong FreeSwap;
        public ushort Processes;
        public ushort Padding;
        public ulong TotalHigh;
        public ulong FreeHigh;
        public uint Unit;
    }

    /// <summary>struct compat_sysinfo of kernel/sys.c: struct sysinfo with a long of 32 bits.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    internal struct Compat
    {
        public int Uptime;
        public uint Load1;
        public uint Load5;
        public uint Load15;
        public uint TotalRam;
        public uint FreeRam;
        public uint SharedRam;
        public uint BufferRam;
        public uint TotalSwap;
        public uint FreeSwap;
        public ushort Processes;
        public ushort Padding;
        public uint TotalHigh;
        public uint FreeHigh;
        public uint Unit;
    }
}
