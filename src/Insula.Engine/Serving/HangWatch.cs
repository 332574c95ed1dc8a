namespace Insula.Engine.Serving;

/// <summary>Notices a worker that has taken a request and does not answer it.</summary>
/// <param name="threads">How many of its threads answer.</param>
/// <param name="answeredBy">The number of what a thread is answering; 0: nothing.</param>
internal sealed class HangWatch(int threads, Func<int, ulong> answeredBy)
{
    private readonly (ulong Unique, int Seen)[] _slots = new (ulong, int)[threads];

    /// <summary>To be called at even intervals.</summary>
    /// <returns>In how many calls in a row the oldest unanswered request has been seen.</returns>
    public int Look()
    {
        var longest = 0;
        for (var i = 0; i < _slots.Length; i++)
        {
            var unique = answeredBy(i);
            _slots[i] = unique == 0 || unique != _slots[i].Unique ? (unique, 0) : (unique, _slots[i].Seen + 1);
            longest = Math.Max(longest, _slots[i].Seen);
        }
        return longest;
    }
}
