using System.Text;
using CsCheck;
using Insula.Engine.Containers;
using Insula.Engine.Watching;

namespace Insula.Engine.Tests.Watching;

public class ContainerEventTests
{
    private static readonly DateTime Time = new(2026, 11, 28, 5, 4, 18, 123, DateTimeKind.Utc);

    private static readonly Gen<ContainerEvent> Events =
        from milliseconds in Gen.Long[0, 4_000_000_000_000]
        from ctid in Gen.Int[0, Ctid.MaxValue]
        from kind in Gen.Enum<EventKind>()
        from detail in Gen.String[Gen.Char.AlphaNumeric, 0, 40]
        select new ContainerEvent(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime, new Ctid(ctid), kind, detail);

    [Fact]
    public void It_is_a_line_of_json_and_a_line_for_people()
    {
        var crash = new ContainerEvent(Time, new Ctid(101), EventKind.Crash, "signal 11 (SEGV)");
        Assert.Equal(
            """{"seq":12,"time":"2026-11-28T05:04:18.123Z","ctid":101,"kind":"crash","detail":"signal 11 (SEGV)"}""" + "\n",
            Encoding.UTF8.GetString(crash.ToLine(12)));
        Assert.Equal("2026-11-28T05:04:18.123Z CT 101 crash: signal 11 (SEGV)", crash.ToString());
        Assert.Equal("2026-11-28T05:04:18.123Z CT 101 stop", (crash with { Kind = EventKind.Stop, Detail = "" }).ToString());
    }

    [Fact]
    public void Every_kind_has_its_name()
        => Assert.Equal(
            Enum.GetNames<EventKind>().Select(name => name.ToLowerInvariant()),
            Enum.GetValues<EventKind>().Select(ContainerEvent.NameOf));

    [Fact]
    public void What_is_written_is_read()
        => Events.Sample(written => ContainerEvent.Parse(written.ToLine(7), out var sequence) == written && sequence == 7);

    [Fact]
    public void A_detail_of_any_length_and_any_characters_stays_on_its_line()
        => Gen.String[0, 2000].Sample(detail =>
        {
            var line = new ContainerEvent(Time, new Ctid(1), EventKind.Failed, detail).ToLine(null);
            return line.Length < 4096 && line.AsSpan().IndexOf((byte)'\n') == line.Length - 1 && ContainerEvent.Parse(line, out _) is not null;
        });

    [Fact]
    public void No_bytes_break_the_reader()
        => Gen.OneOf(Gen.Byte.Array[0, 100], Broken()).Sample(bytes =>
        {
            ContainerEvent.Parse(bytes, out _);
            return true;
        });

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"time":"yesterday","ctid":1,"kind":"stop"}""")]
    [InlineData("""{"time":"2026-11-28T05:04:18.123Z","ctid":-1,"kind":"stop"}""")]
    [InlineData("""{"time":"2026-11-28T05:04:18.123Z","ctid":2147483647,"kind":"stop"}""")]
    [InlineData("""{"time":"2026-11-28T05:04:18.123Z","ctid":1,"kind":"dance"}""")]
    [InlineData("""{"time":"2026-11-28T05:04:18.123Z","ctid":1,"kind":7}""")]
    [InlineData("""{"time":"2026-11-28T05:04:18.123Z","ctid":1,"kind":"stop" """)]
    public void What_is_no_event_is_none(string line) => Assert.Null(ContainerEvent.Parse(Encoding.UTF8.GetBytes(line), out _));

    // A valid line with some bytes changed.
    private static Gen<byte[]> Broken()
        => from happened in Events
           from place in Gen.Int[0, 80]
           from value in Gen.Byte
           select Change(happened.ToLine(1), place, value);

    private static byte[] Change(byte[] line, int place, byte value)
    {
        line[place % line.Length] = value;
        return line;
    }
}
