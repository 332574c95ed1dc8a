using Insula.Linux.Fuse;

namespace Insula.Engine.Serving;

/// <summary>Notices a worker that has taken a request and does not answer it.</summary>
/// <param name="slots">Where the worker's threads say what they are answering.</param>
internal sealed class HangWatch(SharedSlots slots)
{
    private readonly (ulong Unique, int Seen)[] _slots = new (ulong, int)[SharedSlots.Threads];

    /// <summary>To be called at even intervals.</summary>
    /// <returns>In how many calls in a row the oldest unanswered request has been seen.</returns>
    public int Look()
    {
        var longest = 0;
        for (var i = 0; i < _slots.Length; i++)
        {
            var unique = slots.AnsweredBy(i);
            _slots[i] = unique == 0 || unique != _slots[i].Unique ? (unique, 0) : (unique, _slots[i].Seen + 1);
            longest = Math.Max(longest, _slots[i].Seen);
        }
        return longest;
    }
}
