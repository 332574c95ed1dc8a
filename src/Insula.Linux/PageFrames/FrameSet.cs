using System.Numerics;

namespace Insula.Linux.PageFrames;

/// <summary>
/// A set of page frames. While it is being filled it is a bit per frame of the machine, taken from a <see cref="FrameBitmap"/> that one
/// container after the other uses; kept, it is a sorted list of the frames or the bits, whichever is smaller. So a container
/// costs four bytes for each of its pages, and never more than the 32768th part of the machine's memory.
/// </summary>
public sealed class FrameSet
{
    private const int BitsPerWord = 64;

    private readonly uint[]? _list;
    private readonly ulong[]? _bits;

    private FrameSet(uint[]? list, ulong[]? bits, long count)
    {
        _list = list;
        _bits = bits;
        Count = count;
    }

    /// <summary>How many frames there are in it.</summary>
    public long Count { get; }

    /// <summary>The frame after the last.</summary>
    public long End => _list is [.., var last] ? last + 1L : _bits is not null ? (long)_bits.Length * BitsPerWord : 0;

    /// <summary>Of frames in ascending order, each once.</summary>
    public static FrameSet OfSorted(ReadOnlySpan<uint> frames) => new(frames.ToArray(), null, frames.Length);

    /// <summary>Calls <paramref name="visit"/> for each frame from <paramref name="from"/> up to but not including <paramref name="end"/>, in ascending order.</summary>
    public void Visit(long from, long end, Action<long> visit)
    {
        if (_list is not null)
            VisitList(from, end, visit);
        else if (_bits is not null)
            VisitBits(from, end, visit);
    }

    internal static FrameSet OfBits(ReadOnlySpan<ulong> bits, long count)
    {
        if (count * sizeof(uint) >= (long)bits.Length * sizeof(ulong))
            return new FrameSet(null, bits.ToArray(), count);
        var list = new uint[count];
        var next = 0;
        for (var word = 0; word < bits.Length; word++)
        {
            for (var left = bits[word]; left != 0; left &= left - 1)
                list[next++] = (uint)((long)word * BitsPerWord + BitOperations.TrailingZeroCount(left));
        }
        return new FrameSet(list, null, count);
    }

    private void VisitList(long from, long end, Action<long> visit)
    {
        var start = from > uint.MaxValue ? _list!.Length : Array.BinarySearch(_list!, (uint)from);
        for (var i = start < 0 ? ~start : start; i < _list!.Length && _list[i] < end; i++)
            visit(_list[i]);
    }

    private void VisitBits(long from, long end, Action<long> visit)
    {
        var last = Math.Min(end, (long)_bits!.Length * BitsPerWord);
        for (var word = from / BitsPerWord; word * BitsPerWord < last; word++)
        {
            for (var left = _bits[word]; left != 0; left &= left - 1)
            {
                var frame = word * BitsPerWord + BitOperations.TrailingZeroCount(left);
                if (frame >= from && frame < last)
                    visit(frame);
            }
        }
    }
}
