using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Insula.Linux.Fuse;

/// <summary>
/// Who is served next: whoever has had the least of the server's time lately. Requests of one party are served in the order in which they came, and
/// never by more than some of the threads, so that there is one left for a party that comes later. Not for several threads at once.
/// </summary>
/// <param name="mostAtOnce">How many requests of one party may be served at the same time.</param>
/// <param name="credit">How much time a party that asks seldom may be ahead of those that ask all the time, in the unit of <see cref="End"/>.</param>
public sealed class FairQueue(int mostAtOnce, long credit)
{
    private const int FewParties = 64;

    private readonly Dictionary<ulong, Party> _parties = [];
    private readonly PriorityQueue<Party, (long Time, long Order)> _next = new();
    private long _now, _order;
    private int _manyParties = FewParties;

    private sealed class Party(ulong name, long time)
    {
        public readonly ulong Name = name;
        public readonly Queue<int> Waiting = new();
        public long Time = time;
        public int Served;
        public bool IsNext;
    }

    /// <summary>How many wait that may be served now or soon.</summary>
    public int Count { get; private set; }

    /// <summary>How many are remembered.</summary>
    internal int Parties => _parties.Count;

    /// <summary>True if there is one to serve now.</summary>
    public bool HasNext => _next.Count > 0;

    /// <summary>Adds a request.</summary>
    /// <param name="party">Whose it is.</param>
    /// <param name="request">Which.</param>
    public void Add(ulong party, int request)
    {
        if (_parties.Count >= _manyParties)
            Forget();
        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_parties, party, out _);
        entry ??= new Party(party, _now - credit);
        entry.Waiting.Enqueue(request);
        Count++;
        Offer(entry);
    }

    /// <summary>Takes the next one; to be followed by <see cref="End"/>. False if there is none, or none that may be served now.</summary>
    public bool TryTake(out int request, out ulong party)
    {
        (request, party) = (-1, 0);
        if (!TryDequeue(out var taken))
            return false;
        taken.Served++;
        request = taken.Waiting.Dequeue();
        party = taken.Name;
        Count--;
        _now = Math.Max(_now, taken.Time);
        Offer(taken);
        return true;
    }

    /// <summary>A request has been served.</summary>
    /// <param name="party">Whose it was.</param>
    /// <param name="time">How long that took, in any unit.</param>
    public void End(ulong party, long time)
    {
        if (!_parties.TryGetValue(party, out var served))
            return;
        served.Served--;
        served.Time += Math.Max(1, time);
        Offer(served);
    }

    // Time that a party has got since it was put in line puts it back.
    private bool TryDequeue([NotNullWhen(true)] out Party? first)
    {
        while (_next.TryDequeue(out first, out var place))
        {
            first.IsNext = false;
            if (place.Time >= first.Time)
                return true;
            Offer(first);
        }
        return false;
    }

    // Those that wait for nothing and would come back as they were new.
    private void Forget()
    {
        foreach (var (name, party) in _parties)
        {
            if (party.Waiting.Count == 0 && party.Served == 0 && party.Time <= _now - credit)
                _parties.Remove(name);
        }
        _manyParties = Math.Max(FewParties, 2 * _parties.Count);
    }

    private void Offer(Party party)
    {
        if (party.IsNext || party.Waiting.Count == 0 || party.Served >= mostAtOnce)
            return;
        party.IsNext = true;
        // More time than that cannot be saved up.
        party.Time = Math.Max(party.Time, _now - credit);
        _next.Enqueue(party, (party.Time, _order++));
    }
}
