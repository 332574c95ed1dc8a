using System.Numerics;

namespace Insula.Engine.Beancounters.Shared;

/// <summary>
/// How beancounters divide a page that several containers hold: the first holder counts all of it, and each newcomer takes half of one of the largest shares there
/// are (1; ½ ½; ½ ¼ ¼; ¼ ¼ ¼ ¼). Of several largest it is the one of the holder that came last. The shares are powers of two and always
/// sum to one page, and a newcomer changes one share only.
/// </summary>
public static class PageShare
{
    /// <summary>A whole page in the units of shares. Enough for a million holders.</summary>
    public const long Whole = 1L << 20;

    /// <summary>The most holders that a page can be divided among.</summary>
    public const int MostHolders = 1 << 20;

    /// <summary>The share of one holder.</summary>
    /// <param name="place">When it came: 0 for the first.</param>
    /// <param name="holders">How many there are.</param>
    /// <returns>Parts of <see cref="Whole"/>.</returns>
    public static long Of(int place, int holders)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        ArgumentOutOfRangeException.ThrowIfLessThan(holders, place + 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(holders, MostHolders);
        // With as many holders as a power of two all have the same. Those that came since have halved shares from the last one backwards.
        var log = BitOperations.Log2((uint)holders);
        var since = holders - (1 << log);
        var halved = place >= (1 << log) - since;
        return Whole >> (halved ? log + 1 : log);
    }
}
