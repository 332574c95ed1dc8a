using System.Numerics;
using CsCheck;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Kinds;

namespace Insula.Engine.Tests.Parameters;

public sealed class QuantityTests
{
    private const long Unlimited = long.MaxValue;

    [Theory]
    [InlineData("10", 10, 10)]
    [InlineData("10:20", 10, 20)]
    [InlineData("0:256M", 0, 65536)]
    [InlineData("0:256m", 0, 65536)]
    [InlineData("2.2G", 576717, 576717)] // 2362232012.8 bytes, rounded up to pages
    [InlineData("2.2", 2, 2)]
    [InlineData("100P:1T", 100, 268435456)]
    [InlineData("4097B", 2, 2)]
    [InlineData("unlimited", Unlimited, Unlimited)]
    [InlineData("33792:unlimited", 33792, Unlimited)]
    [InlineData("9223372036854775807", Unlimited, Unlimited)]
    [InlineData("0", 0, 0)]
    public void Pages_are_given_as_numbers_or_with_a_suffix(string text, long barrier, long limit)
        => Assert.Equal(new BarrierLimit(barrier, limit), Parse(ResourceUnit.Pages, text));

    [Theory]
    [InlineData(ResourceUnit.Bytes, "1K", 1024)]
    [InlineData(ResourceUnit.Bytes, "2P", 8192)]
    [InlineData(ResourceUnit.Bytes, "1.5k", 1536)]
    [InlineData(ResourceUnit.KiB, "2G", 2097152)]
    [InlineData(ResourceUnit.KiB, "1", 1)]
    [InlineData(ResourceUnit.Items, "240", 240)]
    public void The_native_unit_gives_a_plain_number_its_meaning(ResourceUnit unit, string text, long value)
        => Assert.Equal(new BarrierLimit(value), Parse(unit, text));

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("1:2:3")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.")]
    [InlineData(".5")]
    [InlineData("1..5")]
    [InlineData("1e5")]
    [InlineData("0x10")]
    [InlineData("10Q")]
    [InlineData("10MB")]
    [InlineData("M")]
    [InlineData("10 M")]
    [InlineData(" 10")]
    [InlineData("nan")]
    [InlineData("١٢")]
    [InlineData("10\n")]
    public void What_is_no_quantity_is_refused(string text)
        => Expect.Error(ExitCode.BadValue, () => Parse(ResourceUnit.Pages, text));

    [Fact]
    public void A_count_takes_no_suffix_and_disk_space_is_never_unlimited()
    {
        Expect.Error(ExitCode.BadValue, () => Parse(ResourceUnit.Items, "10K"));
        Expect.Error(ExitCode.BadValue, () => new BarrierLimitKind(ResourceUnit.KiB, allowUnlimited: false).Parse("--diskspace", "unlimited", ParseContext.Default));
    }

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("99999999999999999999999999999999999999999999999999999")]
    [InlineData("99999999999999999999T")]
    public void What_is_too_large_is_cut_with_a_note(string text)
    {
        var notes = new List<string>();
        var value = new BarrierLimitKind(ResourceUnit.Bytes).Parse("--kmemsize", text, new ParseContext { Note = notes.Add });
        Assert.Equal(new BarrierLimit(Unlimited), value);
        Assert.Single(notes);
    }

    [Theory]
    [InlineData("256M", 65536)]
    [InlineData("1", 1)]
    [InlineData("4096", 1)]
    [InlineData("4097", 2)]
    [InlineData("unlimited", Unlimited)]
    public void Memory_in_bytes_is_rounded_up_to_a_limit_in_pages(string text, long pages)
        => Assert.Equal(new BarrierLimit(0, pages), new MemorySizeKind().Parse("--ram", text, ParseContext.Default));

    [Fact]
    public void What_is_stored_reads_back_the_same()
    {
        var number = Gen.OneOf(Gen.Long[0, long.MaxValue], Gen.Long[0, 100], Gen.Const(Unlimited));
        Gen.Select(number, number, Gen.Enum<ResourceUnit>()).Sample((barrier, limit, unit) =>
        {
            var kind = new BarrierLimitKind(unit);
            var value = new BarrierLimit(barrier, limit);
            return kind.Parse("x", kind.Format(value), ParseContext.Default) == value;
        });
    }

    [Fact]
    public void Memory_is_stored_as_a_pair_of_plain_numbers_and_a_count_in_short()
    {
        Assert.Equal("65536:65536", new BarrierLimitKind(ResourceUnit.Pages).Format(new BarrierLimit(65536)));
        Assert.Equal("0:9223372036854775807", new BarrierLimitKind(ResourceUnit.Pages).Format(new BarrierLimit(0, Unlimited)));
        Assert.Equal("240", new BarrierLimitKind(ResourceUnit.Items).Format(new BarrierLimit(240)));
        Assert.Equal("188:206", new BarrierLimitKind(ResourceUnit.Items).Format(new BarrierLimit(188, 206)));
    }

    [Fact]
    public void A_suffix_multiplies_exactly()
    {
        Gen.Select(Gen.Long[0, 1L << 40], Gen.Int[0, 999], Gen.OneOf(('B', 0), ('K', 10), ('M', 20), ('G', 30), ('T', 40))).Sample((whole, thousandths, suffix) =>
        {
            var exact = (new BigInteger(whole) * 1000 + thousandths) << suffix.Item2;
            var expected = BigInteger.Min(exact / 1000, long.MaxValue);
            return Parse(ResourceUnit.Bytes, $"{whole}.{thousandths:D3}{suffix.Item1}").Limit == (long)expected;
        });
    }

    private static BarrierLimit Parse(ResourceUnit unit, string text)
        => new BarrierLimitKind(unit).Parse("--x", text, new ParseContext());
}
