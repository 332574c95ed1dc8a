using System.Numerics;
using System.Text;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>
/// A set of processors or of memory nodes, as in <c>0-2,7</c>. Numbers run to 4095, OpenVZ's bound on masks. The set of all 4096
/// is written <c>all</c>.
/// </summary>
public readonly struct CpuSet : IEquatable<CpuSet>
{
    /// <summary>One more than the largest number.</summary>
    public const int Capacity = 4096;

    // Bit n of word n/64; no zero words at the end, so equal sets have equal arrays. Null is the empty set.
    private readonly ulong[]? _words;

    private CpuSet(ulong[] words)
    {
        var length = words.Length;
        while (length > 0 && words[length - 1] == 0)
            length--;
        _words = length == 0 ? null : length == words.Length ? words : words[..length];
    }

    /// <summary>No processor.</summary>
    public static CpuSet Empty => default;

    /// <summary>Every processor there may be.</summary>
    public static CpuSet All => Range(0, Capacity - 1);

    /// <summary>How many members there are.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var word in Words)
                count += BitOperations.PopCount(word);
            return count;
        }
    }

    /// <summary>True for the empty set.</summary>
    public bool IsEmpty => _words is null;

    /// <summary>The members, ascending.</summary>
    public IEnumerable<int> Members
    {
        get
        {
            for (var number = Next(0); number >= 0; number = Next(number + 1))
                yield return number;
        }
    }

    private ReadOnlySpan<ulong> Words => _words;

    /// <summary>The set of all numbers from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public static CpuSet Range(int first, int last)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(last, first);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(last, Capacity);
        var words = new ulong[(last / 64) + 1];
        AddRange(words, first, last);
        return new CpuSet(words);
    }

    /// <summary>The set of the given numbers.</summary>
    public static CpuSet Of(IEnumerable<int> numbers)
    {
        var words = new ulong[Capacity / 64];
        foreach (var number in numbers)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Capacity);
            words[number / 64] |= 1UL << (number % 64);
        }
        return new CpuSet(words);
    }

    /// <summary>Takes <c>all</c>, or numbers and ascending ranges with commas between: <c>0-2,7</c>. Nothing else: no blanks, no empty list.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CpuSet set)
    {
        set = default;
        if (text is "all")
        {
            set = All;
            return true;
        }
        var words = new ulong[Capacity / 64];
        foreach (var range in text.Split(','))
        {
            var part = text[range];
            var dash = part.IndexOf('-');
            if (!TryNumber(dash < 0 ? part : part[..dash], out var first))
                return false;
            var last = first;
            if (dash >= 0 && (!TryNumber(part[(dash + 1)..], out last) || last < first))
                return false;
            AddRange(words, first, last);
        }
        set = new CpuSet(words);
        return true;
    }

    /// <summary>Understands the kernel's list, which may be empty.</summary>
    /// <exception cref="LinuxException">It is no list.</exception>
    public static CpuSet FromKernel(string text, string path)
    {
        if (text.Length == 0)
            return Empty;
        return TryParse(text, out var set) ? set : throw new LinuxException("understand", $"\"{text}\" in {path}", Errno.EPROTO);
    }

    /// <summary>True if <paramref name="number"/> is a member.</summary>
    public bool Contains(int number)
        => number >= 0 && number / 64 < Words.Length && (Words[number / 64] & (1UL << (number % 64))) != 0;

    /// <summary>The members of both.</summary>
    public CpuSet Intersect(CpuSet other)
    {
        var words = new ulong[Math.Min(Words.Length, other.Words.Length)];
        for (var i = 0; i < words.Length; i++)
            words[i] = Words[i] & other.Words[i];
        return new CpuSet(words);
    }

    /// <summary>The canonical text, with the longest ranges there are: <c>0-2,7</c>, <c>all</c>, or nothing for the empty set.</summary>
    public override string ToString()
    {
        if (Count == Capacity)
            return "all";
        var text = new StringBuilder();
        for (var first = Next(0); first >= 0;)
        {
            var last = first;
            while (Contains(last + 1))
                last++;
            if (text.Length > 0)
                text.Append(',');
            text.Append(first);
            if (last > first)
                text.Append('-').Append(last);
            first = Next(last + 1);
        }
        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(CpuSet other) => Words.SequenceEqual(other.Words);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is CpuSet other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var word in Words)
            hash.Add(word);
        return hash.ToHashCode();
    }

    public static bool operator ==(CpuSet left, CpuSet right) => left.Equals(right);

    public static bool operator !=(CpuSet left, CpuSet right) => !left.Equals(right);

    // The first member from `from` on, or -1.
    private int Next(int from)
    {
        var words = Words;
        for (var i = from / 64; i < words.Length; i++)
        {
            var word = i == from / 64 ? words[i] & (ulong.MaxValue << (from % 64)) : words[i];
            if (word != 0)
                return (i * 64) + BitOperations.TrailingZeroCount(word);
        }
        return -1;
    }

    private static void AddRange(ulong[] words, int first, int last)
    {
        for (var number = first; number <= last; number++)
            words[number / 64] |= 1UL << (number % 64);
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        if (text.IsEmpty || text.Length > 4 || text.ContainsAnyExceptInRange('0', '9'))
            return false;
        number = int.Parse(text);
        return number < Capacity;
    }
}
