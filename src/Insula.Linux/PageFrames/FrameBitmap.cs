using Insula.Linux.Syscalls;

namespace Insula.Linux.PageFrames;

/// <summary>Collects page frames: a bit for each, growing with the highest. Used again after <see cref="Take"/>.</summary>
public sealed class FrameBitmap
{
    private const int BitsPerWord = 64;

    private ulong[] _bits = new ulong[1 << 14];
    private int _used;
    private long _count;

    /// <summary>Adds a frame; adding it again changes nothing.</summary>
    /// <exception cref="LinuxException">EOVERFLOW: its number does not fit 32 bits, the machine has more than 16 TiB.</exception>
    public void Add(long frame)
    {
        if (frame is < 0 or > uint.MaxValue)
            throw new LinuxException("count", $"page frame {frame}", Errno.EOVERFLOW, "memory above 16 TiB is not supported");
        var word = (int)(frame / BitsPerWord);
        if (word >= _bits.Length)
            Array.Resize(ref _bits, (int)Math.Min(Math.Max(_bits.Length * 2L, word + 1L), Array.MaxLength));
        var bit = 1UL << (int)(frame % BitsPerWord);
        if ((_bits[word] & bit) != 0)
            return;
        _bits[word] |= bit;
        _used = Math.Max(_used, word + 1);
        _count++;
    }

    /// <summary>The frames added since the last call.</summary>
    public FrameSet Take()
    {
        var set = FrameSet.OfBits(_bits.AsSpan(0, _used), _count);
        _bits.AsSpan(0, _used).Clear();
        (_used, _count) = (0, 0);
        return set;
    }
}
