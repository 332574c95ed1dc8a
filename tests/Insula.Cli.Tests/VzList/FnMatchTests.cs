using Insula.Cli.VzList;

namespace Insula.Cli.Tests.VzList;

public sealed class FnMatchTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*", "", true)]
    [InlineData("*", "a/b.c", true)]
    [InlineData("web*", "web.example", true)]
    [InlineData("*.example", "web.example", true)]
    [InlineData("w?b", "web", true)]
    [InlineData("w?b", "wb", false)]
    [InlineData("[a-c]1", "b1", true)]
    [InlineData("[!a-c]1", "b1", false)]
    [InlineData("[^a-c]1", "d1", true)]
    [InlineData("[]x]", "]", true)]
    [InlineData("[a", "[a", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("a*b*c", "aXbYbZ", false)]
    public void Patterns_match_as_fnmatch_says(string pattern, string text, bool matches) => Assert.Equal(matches, FnMatch.IsMatch(pattern, text));

    [Fact]
    public void A_pattern_of_many_stars_ends()
        => Assert.False(FnMatch.IsMatch(string.Concat(Enumerable.Repeat("*a", 1000)) + "b", new string('a', 10000)));
}
