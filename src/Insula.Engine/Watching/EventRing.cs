using Insula.Engine.Containers;

namespace Insula.Engine.Watching;

/// <summary>The last events, numbered without gaps; the oldest make room for the newest.</summary>
public sealed class EventRing
{
    /// <summary>How many are kept.</summary>
    public const int Capacity = 1024;

    private readonly Entry[] _entries = new Entry[Capacity];

    /// <summary>The number of the next event.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>The number of the oldest event that is still there; <see cref="Next"/> if there is none.</summary>
    public long First { get; private set; } = 1;

    /// <summary>Begins anew: the next event has this number.</summary>
    public void Reset(long next)
    {
        Array.Clear(_entries);
        First = Next = next;
    }

    /// <summary>Adds an event.</summary>
    /// <param name="happened">Null: a line that nobody understood, which has a number all the same.</param>
    public void Add(ContainerEvent? happened)
    {
        _entries[Next % Capacity] = happened is null ? default : new(happened.Ctid, happened.ToLine(Next));
        Next++;
        First = Math.Max(First, Next - Capacity);
    }

    /// <summary>The line of an event that is there; null if nobody understood it, or it is of another container than those asked for.</summary>
    /// <param name="sequence">Its number, from <see cref="First"/> to below <see cref="Next"/>.</param>
    /// <param name="wanted">The containers; empty: all.</param>
    public byte[]? LineOf(long sequence, IReadOnlySet<Ctid> wanted)
    {
        var entry = _entries[sequence % Capacity];
        return wanted.Count == 0 || wanted.Contains(entry.Ctid) ? entry.Line : null;
    }

    private readonly record struct Entry(Ctid Ctid, byte[]? Line);
}
