using Insula.Linux.PageFrames;

namespace Insula.Engine.Beancounters.Shared;

/// <summary>Divides page frames among the containers that hold them.</summary>
/// <param name="sets">The frames of each container, the one that came first at the front.</param>
internal sealed class FrameShares(IReadOnlyList<FrameSet> sets)
{
    /// <summary>Frames that are looked at together. Time is that of going twice over all frames of all containers, memory that of this many frames.</summary>
    private const int Window = 1 << 16;

    private readonly ushort[] _holders = new ushort[Window];
    private readonly ushort[] _places = new ushort[Window];
    private readonly long[] _shares = new long[sets.Count];

    /// <summary>Frames that at least one container holds.</summary>
    public long Frames { get; private set; }

    /// <summary>Of these, the part that counts for the host, in <see cref="PageShare.Whole"/> parts of a page.</summary>
    public long HostShare { get; private set; }

    /// <summary>What counts for each container, in <see cref="PageShare.Whole"/> parts of a page.</summary>
    public IReadOnlyList<long> Shares => _shares;

    /// <summary>Divides.</summary>
    /// <param name="hostHolds">
    /// Told the first frame and the number of frames of a window, and gives back whether the host holds a frame too. It was there before any container, so it came first at each page.
    /// </param>
    public void Divide(Func<long, int, Func<long, bool>> hostHolds)
    {
        var end = sets.Count == 0 ? 0 : sets.Max(set => set.End);
        for (var first = 0L; first < end; first += Window)
        {
            if (Count(first) > 0)
                DivideWindow(first, hostHolds(first, Window));
        }
    }

    private long Count(long first)
    {
        Array.Clear(_holders);
        var count = 0L;
        foreach (var set in sets)
        {
            set.Visit(first, first + Window, frame =>
            {
                _holders[frame - first]++;
                count++;
            });
        }
        return count;
    }

    private void DivideWindow(long first, Func<long, bool> hostHolds)
    {
        for (var i = 0; i < Window; i++)
        {
            if (_holders[i] == 0)
                continue;
            Frames++;
            var host = hostHolds(first + i);
            _places[i] = (ushort)(host ? 1 : 0);
            if (!host)
                continue;
            _holders[i]++;
            HostShare += PageShare.Of(0, _holders[i]);
        }
        for (var container = 0; container < sets.Count; container++)
        {
            var share = 0L;
            sets[container].Visit(first, first + Window, frame => share += PageShare.Of(_places[frame - first]++, _holders[frame - first]));
            _shares[container] += share;
        }
    }
}
