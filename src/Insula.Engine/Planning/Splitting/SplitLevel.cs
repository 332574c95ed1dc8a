namespace Insula.Engine.Planning.Splitting;

/// <summary>How generously a host is divided. Where it does not go round by one level, the next is tried.</summary>
/// <param name="Number">0 to 3, the tightest.</param>
/// <param name="LowFactor">How much of the low memory is given away, as a multiple of what is for containers.</param>
/// <param name="KernelPerProcess">Bytes of kernel memory that a process is expected to take.</param>
/// <param name="ProcessFactor">How much of kernel.threads-max is given away.</param>
/// <param name="PeakFactor">The most processes, as a multiple of their average number.</param>
/// <param name="BufferBase">Bytes of socket buffers for the container as a whole.</param>
/// <param name="BufferPerProcess">Bytes of socket buffers for each process.</param>
/// <param name="QueuedSignals">NUMSIGINFO.</param>
/// <param name="CacheFactor">Directory cache, as a multiple of the least that the open files need.</param>
/// <param name="LockedFactor">How many pages may be locked, for each 200 KiB of kernel memory.</param>
/// <param name="PrivateFactor">How much may be asked for, as a multiple of what is guaranteed.</param>
/// <param name="Text">What it means for whoever runs the containers.</param>
public sealed record SplitLevel(
    int Number,
    double LowFactor,
    int KernelPerProcess,
    double ProcessFactor,
    int PeakFactor,
    int BufferBase,
    int BufferPerProcess,
    int QueuedSignals,
    double CacheFactor,
    int LockedFactor,
    double PrivateFactor,
    string Text)
{
    private static readonly SplitLevel Tight = new(2, 1.8, 53248, 2, 3, 65536, 2560, 256, 1, 1, 1.5,
        "Resources are scarce: containers that are all busy at the same time will feel it");

    /// <summary>All levels, the most generous first.</summary>
    public static IReadOnlyList<SplitLevel> All { get; } =
    [
        new(0, 1, 81920, 1, 8, 262144, 4096, 1024, 1.5, 10, 6,
            "Resources are plentiful: containers will not get in each other's way"),
        new(1, 1.2, 65536, 1.5, 5, 131072, 3036, 512, 1.2, 3, 3,
            "Resources are enough, if not all containers are busy at the same time"),
        Tight,
        Tight with { Number = 3, LowFactor = 2, Text = "Resources just suffice: more has been promised than this host can give, expect failures under load" },
    ];
}
