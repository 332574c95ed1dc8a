using CsCheck;
using Insula.Engine.Containers;

namespace Insula.Engine.Tests.Containers;

public sealed class ContainerNameTests
{
    [Theory]
    [InlineData("web")]
    [InlineData("Web server 1")]
    [InlineData("a-b+c_d.e")]
    [InlineData(".hidden")]
    [InlineData("1a")]
    [InlineData("1.5")]
    [InlineData("контейнер")]
    [InlineData("箱")]
    public void Letters_digits_blanks_and_a_few_signs_make_a_name(string text)
    {
        Assert.Null(ContainerName.TryParse(text, out var name));
        Assert.Equal(text, name!.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("-")]
    [InlineData("--all")]
    [InlineData(" web")]
    [InlineData("web ")]
    [InlineData("101")]
    [InlineData("99999999999999999999")]
    [InlineData("a/b")]
    [InlineData("a\tb")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\"b")]
    [InlineData("a$b")]
    [InlineData("#tmp")]
    [InlineData("a\u202Eb")]
    [InlineData("a\u200Bb")]
    [InlineData("\uFFFD")]
    [InlineData("😀")]
    public void Anything_else_is_refused(string text)
    {
        Assert.NotNull(ContainerName.TryParse(text, out var name));
        Assert.Null(name);
    }

    [Fact]
    public void A_name_has_at_most_64_characters_and_fits_a_file_name()
    {
        Assert.Null(ContainerName.TryParse(new string('x', 64), out _));
        Assert.NotNull(ContainerName.TryParse(new string('x', 65), out _));
        Assert.Null(ContainerName.TryParse(new string('я', 64), out _));
    }

    [Fact]
    public void Whatever_is_a_name_is_one_file_below_its_directory_and_no_container_number()
        => Gen.String.Sample(text =>
        {
            if (ContainerName.TryParse(text, out _) is null)
            {
                Assert.Equal($"/names/{text}", Path.GetFullPath(Path.Combine("/names", text)));
                Assert.False(Ctid.TryParse(text, out _));
            }
        });
}
