using CsCheck;
using Insula.Engine.Distributions;

namespace Insula.Engine.Tests.Distributions;

public class MarkedBlockTests
{
    private static readonly Gen<string> Line = Gen.OneOf(
        Gen.Const(MarkedBlock.Begin), Gen.Const(MarkedBlock.End), Gen.Const(""), Gen.Const("# Insula: begin "), Gen.String[Gen.Char['a', 'c'], 0, 3]);

    private static readonly Gen<string> Text = Gen.Select(Line.List[0, 8], Gen.Bool, (lines, newline) => string.Join('\n', lines) + (newline ? "\n" : ""));

    [Fact]
    public void Replacing_twice_is_replacing_once()
        => Text.Sample(text =>
        {
            var once = MarkedBlock.Replace(text, ["x", "y"]);
            Assert.Equal(once, MarkedBlock.Replace(once, ["x", "y"]));
        });

    [Fact]
    public void Foreign_lines_stay_in_order_whatever_the_block_holds()
        => Text.Sample(text => Assert.Equal(
            MarkedBlock.ForeignLines(text), MarkedBlock.ForeignLines(MarkedBlock.Replace(text, ["new"]))));

    [Fact]
    public void The_block_stays_where_it_is()
        => Assert.Equal(
            "a\n# Insula: begin\nnew\n# Insula: end\nb\n",
            MarkedBlock.Replace("a\n# Insula: begin\nold\nold\n# Insula: end\nb", ["new"]));

    [Fact]
    public void A_block_that_lost_its_end_swallows_nothing()
        => Assert.Equal("a\nb\nc\n", MarkedBlock.Replace("a\n# Insula: begin\nb\nc\n", []));
}
