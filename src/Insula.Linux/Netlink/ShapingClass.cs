namespace Insula.Linux.Netlink;

/// <summary>A class of HTB: what it sends at least and at most (tc-htb(8)).</summary>
/// <param name="Number">Its number below <see cref="Major"/>, from 1 on.</param>
/// <param name="Parent">The class whose rate it shares; 0: none.</param>
/// <param name="Kilobits">What it is guaranteed, 1000 bits a second.</param>
/// <param name="CeilingKilobits">What it may have.</param>
/// <param name="SmallestPacket">Bytes that the smallest packet counts as.</param>
/// <param name="IsLeaf">True if packets go to it; false if classes are below it.</param>
public readonly record struct ShapingClass(uint Number, uint Parent, uint Kilobits, uint CeilingKilobits, ushort SmallestPacket, bool IsLeaf)
{
    /// <summary>What the priority of a packet has above the number of its class.</summary>
    public const uint Major = 0x10000;

    /// <summary>The largest number.</summary>
    public const uint LargestNumber = 0xFFF0;

    private const uint BytesPerKilobit = 125;
    private const double NanosecondsPerSecond = 1e9, TickNanoseconds = 64;
    private const double BurstSeconds = 0.01, QueueSeconds = 0.1;
    private const double SmallestBurst = 16 * 1024, SmallestQueue = 64 * 1024;
    private const uint SmallestQuantum = 1514, LargestQuantum = 60_000;

    internal ulong BytesPerSecond => (ulong)Kilobits * BytesPerKilobit;

    internal ulong CeilingBytesPerSecond => (ulong)CeilingKilobits * BytesPerKilobit;

    /// <summary>How much may wait in a plain queue.</summary>
    internal uint QueueBytes => (uint)Math.Min(int.MaxValue, Math.Max(SmallestQueue, CeilingBytesPerSecond * QueueSeconds));

    internal HierarchicalClassOptions Options => new()
    {
        Rate = Specification(BytesPerSecond),
        Ceiling = Specification(CeilingBytesPerSecond),
        Burst = Burst(BytesPerSecond),
        CeilingBurst = Burst(CeilingBytesPerSecond),
        Quantum = (uint)Math.Clamp(BytesPerSecond / 10, SmallestQuantum, LargestQuantum),
    };

    private TrafficRateSpecification Specification(ulong rate)
        => new() { LinkLayer = Tca.EthernetLinkLayer, SmallestPacket = SmallestPacket, Rate = (uint)Math.Min(rate, uint.MaxValue) };

    private static uint Burst(ulong rate)
        => (uint)Math.Min(uint.MaxValue, Math.Max(BurstSeconds * rate, SmallestBurst) / rate * NanosecondsPerSecond / TickNanoseconds);
}
