using System.Text;
using Insula.Engine.Containers;
using Insula.Engine.Watching;

namespace Insula.Engine.Tests.Watching;

public class EventRingTests
{
    private static readonly HashSet<Ctid> All = [];

    private static ContainerEvent Of(int ctid) => new(DateTime.UnixEpoch, new Ctid(ctid), EventKind.Start, "");

    [Fact]
    public void The_oldest_make_room_and_numbers_go_on()
    {
        var ring = new EventRing();
        for (var i = 1; i <= EventRing.Capacity + 10; i++)
            ring.Add(Of(i));
        Assert.Equal((11, EventRing.Capacity + 11), (ring.First, ring.Next));
        for (var sequence = ring.First; sequence < ring.Next; sequence++)
            Assert.Contains($"\"seq\":{sequence},", Encoding.UTF8.GetString(ring.LineOf(sequence, All)!), StringComparison.Ordinal);
    }

    [Fact]
    public void Only_events_of_the_wanted_containers_are_given()
    {
        var ring = new EventRing();
        ring.Add(Of(101));
        ring.Add(Of(102));
        ring.Add(null);
        Assert.Null(ring.LineOf(1, new HashSet<Ctid> { new(102) }));
        Assert.NotNull(ring.LineOf(2, new HashSet<Ctid> { new(102) }));
        Assert.Null(ring.LineOf(3, All));
    }

    [Fact]
    public void A_gap_in_the_numbers_empties_it()
    {
        var ring = new EventRing();
        ring.Add(Of(1));
        ring.Reset(50);
        Assert.Equal((50, 50), (ring.First, ring.Next));
        ring.Add(Of(2));
        Assert.Equal((50, 51), (ring.First, ring.Next));
    }
}
