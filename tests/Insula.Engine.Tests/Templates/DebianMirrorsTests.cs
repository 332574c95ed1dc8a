using Insula.Engine.Templates.Building;

namespace Insula.Engine.Tests.Templates;

public class DebianMirrorsTests
{
    [Fact]
    public void Sources_of_one_line_are_understood()
    {
        var mirrors = new List<(string, string)>();
        DebianMirrors.ParseList(
            """
            # deb http://commented/debian trixie main
            deb [signed-by=/a.gpg arch=amd64] http://mirror.example/debian trixie main # the mirror
            deb-src http://source.example/debian trixie main
            deb http://mirror.example/security trixie-security main
            deb https://packages.example/apt other-suite main
            """,
            mirrors);

        Assert.Equal(new DebianMirrors("http://mirror.example/debian", "http://mirror.example/security"), DebianMirrors.Choose(mirrors));
    }

    [Fact]
    public void Sources_in_paragraphs_are_understood()
    {
        var mirrors = new List<(string, string)>();
        DebianMirrors.ParseParagraphs(
            """
            Types: deb
            # a comment
            URIs: http://off.example/debian
            Suites: trixie
            Enabled: no

            Types: deb deb-src
            URIs: http://mirror.example/debian
            Suites: bookworm bookworm-updates
            Components: main

            Types: deb
            URIs: http://mirror.example/security
            Suites: bookworm-security
            """,
            mirrors);

        Assert.Equal(new DebianMirrors("http://mirror.example/debian", "http://mirror.example/security"), DebianMirrors.Choose(mirrors));
    }

    [Fact]
    public void A_host_that_is_not_Debian_uses_the_official_mirrors()
        => Assert.Equal(
            new DebianMirrors("http://deb.debian.org/debian", "http://deb.debian.org/debian-security"),
            DebianMirrors.Choose([("http://archive.example/ubuntu", "noble")]));

    [Theory]
    [InlineData("http://x y")]
    [InlineData("file:///etc")]
    [InlineData("http://a]b")]
    [InlineData("http://a\ndeb http://b")]
    [InlineData("--option")]
    [InlineData("http://")]
    [InlineData("")]
    public void What_cannot_stand_in_a_line_of_sources_is_no_mirror(string mirror)
        => Assert.Equal(ExitCode.BadValue, Assert.Throws<InsulaException>(() => DebianMirrors.Check(mirror)).Code);
}
