using Insula.Linux.Fuse;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Fuse;

/// <summary>Requests in memory that outlives the process which has read them.</summary>
public sealed class SharedSlotsTests
{
    [Fact]
    public void What_waits_is_found_by_the_next_process_until_it_is_released()
    {
        using var slots = SharedSlots.Create();
        var kept = Enumerable.Range(0, 100).Select(number => slots.TryKeep(Request(number, 40 + number))).ToList();
        slots.Release(kept[3]);
        using var next = SharedSlots.Adopt(slots.File.Duplicate());
        Assert.Equal(kept.Where(slot => slot != kept[3]).Order(), next.FindWaiting());
        Assert.Equal(Request(7, 47), next.Waiting(kept[7]).ToArray());
        Assert.True(next.Waiting(kept[3]).IsEmpty);
    }

    [Fact]
    public void The_lowest_place_is_taken_again_and_what_is_too_large_or_too_much_is_refused()
    {
        using var slots = SharedSlots.Create();
        Assert.Equal(-1, slots.TryKeep(Request(1, SharedSlots.WaitingSize + 8)));
        Assert.Equal(-1, slots.TryKeep(new byte[4]));
        for (var i = 0; i < SharedSlots.MostWaiting; i++)
            Assert.Equal(i, slots.TryKeep(Request(i, 64)));
        Assert.Equal(-1, slots.TryKeep(Request(1, 64)));
        slots.Release(70);
        Assert.Equal(70, slots.TryKeep(Request(1, SharedSlots.WaitingSize)));
    }

    [Fact]
    public void Memory_of_a_server_that_let_nothing_wait_is_gone_on_with()
    {
        var content = new byte[SharedSlots.Threads * SharedSlots.SlotSize];
        Request(5, 48).CopyTo(content, 2 * SharedSlots.SlotSize);
        using var old = MemoryFile.Create("old", content);
        using var slots = SharedSlots.Adopt(old.Duplicate());
        Assert.Equal([false, false, true, false], Enumerable.Range(0, 4).Select(slots.IsUsed));
        Assert.Empty(slots.FindWaiting());
        Assert.Equal(0, slots.TryKeep(Request(1, 64)));
    }

    [Fact]
    public void What_a_thread_answers_is_seen_from_outside()
    {
        using var slots = SharedSlots.Create();
        using var other = SharedSlots.Adopt(slots.File.Duplicate());
        slots.SetAnswered(2, 77);
        Assert.Equal([0UL, 0, 77, 0], Enumerable.Range(0, 4).Select(other.AnsweredBy));
    }

    private static byte[] Request(int number, int length)
    {
        var request = new byte[length];
        BitConverter.TryWriteBytes(request, length);
        BitConverter.TryWriteBytes(request.AsSpan(8), (long)number);
        return request;
    }
}
