using System.Text;
using CsCheck;
using Insula.Linux.Terminals;

namespace Insula.Linux.Tests.Terminals;

public class EscapeFilterTests
{
    private readonly List<char> _asked = [];
    private readonly EscapeFilter _filter;

    public EscapeFilterTests() => _filter = new EscapeFilter(EscapeFilter.EscapeKey, Decide);

    [Theory]
    [InlineData("ls\r", "ls\r")]
    [InlineData("\x1b.", "", true)]
    [InlineData("ls\r\x1b.", "ls\r", true)]
    [InlineData("ls\n\x1b.more", "ls\n", true)]
    [InlineData("ls\x1b.", "ls\x1b.")]
    [InlineData("\x1b[A", "\x1b[A")]
    [InlineData("\r\x1b\x1b.", "\r\x1b\x1b.")]
    [InlineData("\x1b!ls", "ls")]
    [InlineData("\x1b!\x1b.", "", true)]
    [InlineData("\x1bx\x1b.", "\x1bx\x1b.")]
    [InlineData("\x1b\r\x1b.", "\x1b\r", true)]
    public void A_sequence_counts_at_the_start_of_a_line_only(string typed, string passed, bool detaches = false)
    {
        Assert.Equal((passed, detaches), Type(typed));
    }

    [Theory]
    [InlineData("ls\r\x1b.")]
    [InlineData("\x1b[A")]
    [InlineData("\x1b!ls\r\x1b.")]
    public void It_does_not_matter_how_the_characters_arrive(string typed)
    {
        var whole = Type(typed);
        var one = new EscapeFilter(EscapeFilter.EscapeKey, Decide);
        var passed = "";
        var detached = false;
        foreach (var character in typed)
        {
            var (text, end) = Type(one, character.ToString());
            passed += text;
            if (detached = end)
                break;
        }
        Assert.Equal(whole, (passed, detached));
    }

    [Fact]
    public void An_escape_character_that_nothing_follows_is_let_go()
    {
        Assert.Equal(("", false), Type("\x1b"));
        Assert.True(_filter.IsHolding);
        Assert.Equal(0x1b, _filter.Release());
        Assert.False(_filter.IsHolding);
        Assert.Equal((".", false), Type("."));
    }

    [Fact]
    public void Text_without_the_escape_character_passes_whole()
        => Gen.Byte.Where(character => character != 0x1b).Array.Sample(typed =>
        {
            var filter = new EscapeFilter(EscapeFilter.EscapeKey, _ => EscapeAnswer.Detach);
            var output = new byte[typed.Length + 1];
            return !filter.Pass(typed, output, out var length) && output.AsSpan(0, length).SequenceEqual(typed);
        });

    [Fact]
    public void Output_is_never_longer_than_one_byte_more_than_the_input()
        => Gen.OneOf(Gen.Const((byte)0x1b), Gen.Const((byte)'\r'), Gen.Const((byte)'x')).Array.Array[1, 5].Sample(pieces =>
        {
            var filter = new EscapeFilter(EscapeFilter.EscapeKey, _ => EscapeAnswer.PassOn);
            var total = 0;
            foreach (var piece in pieces)
            {
                filter.Pass(piece, new byte[piece.Length + 1], out var length);
                total += length;
            }
            return total + (filter.IsHolding ? 1 : 0) == pieces.Sum(piece => piece.Length);
        });

    private EscapeAnswer Decide(byte character)
    {
        _asked.Add((char)character);
        return (char)character switch
        {
            '.' => EscapeAnswer.Detach,
            '!' => EscapeAnswer.Taken,
            _ => EscapeAnswer.PassOn,
        };
    }

    private (string Passed, bool Detaches) Type(string typed) => Type(_filter, typed);

    private static (string Passed, bool Detaches) Type(EscapeFilter filter, string typed)
    {
        var output = new byte[typed.Length + 1];
        var detaches = filter.Pass(Encoding.Latin1.GetBytes(typed), output, out var length);
        return (Encoding.Latin1.GetString(output, 0, length), detaches);
    }
}
