namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// The account of one run of a container: its place in the tables and how often places have been given away. What outlives a container,
/// such as a socket that somebody else got hold of, names an account that no longer exists, and is not taken for the next one's.
/// </summary>
/// <param name="Value">The number as programs know it; 0 is nobody's.</param>
internal readonly record struct AccountId(uint Value)
{
    /// <summary>How many bits of the number are the place.</summary>
    public const int PlaceBits = 14;

    /// <summary>How many places there are.</summary>
    public const int Places = 1 << PlaceBits;

    private const uint Generations = 1u << (32 - PlaceBits);

    /// <summary>The place in the tables.</summary>
    public uint Place => Value & (Places - 1);

    /// <summary>The number of a place that was given away for the generation-th time.</summary>
    public static AccountId Of(uint place, ulong generation)
        => new((((uint)(generation % (Generations - 1)) + 1) << PlaceBits) | place);
}
