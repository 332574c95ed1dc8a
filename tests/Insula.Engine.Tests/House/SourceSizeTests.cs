namespace Insula.Engine.Tests.House;

/// <summary>How long files and functions are. The numbers are those of the style guide.</summary>
public class SourceSizeTests
{
    [Fact]
    public void No_file_has_more_than_1000_lines_and_nine_of_ten_have_at_most_500()
    {
        var sizes = new[] { "src", "tests", "bench" }
            .SelectMany(folder => Repository.Files(folder))
            .Select(file => (Place: Repository.Relative(file), Lines: File.ReadLines(file).Count()))
            .ToList();
        AssertShare(sizes, 1000, 1.0);
        AssertShare(sizes, 500, 0.9);
    }

    [Fact]
    public void Nine_of_ten_functions_fit_35_lines_and_99_of_100_fit_110()
    {
        var sizes = Repository.Files("src")
            .SelectMany(file => SourceCode.Read(file).Functions()
                .Select(function => (Place: $"{Repository.Relative(file)}:{function.Line}", function.Lines)))
            .ToList();
        Assert.NotEmpty(sizes);
        AssertShare(sizes, 35, 0.9);
        AssertShare(sizes, 110, 0.99);
    }

    [Fact]
    public void Functions_are_found_whatever_their_form()
    {
        const string Code = """
            namespace A;
            [Attribute("{")]
            public class B(int c) : IDisposable
            {
                private readonly int[] _data = [1, 2]; // {
                private static readonly C D = new() { E = 1 };
                enum F { G, H }
                public int I => 1;
                public string J { get; } = $"{(true ? "}" : "{")} {{";
                public void K(int l = 1)
                {
                    if (l == '{')
                        return;
                }
                public static bool operator ==(B m, B n)
                    => m.Equals(n,
                        1);
                struct O { void P() { } }
            }
            """;
        Assert.Equal([(8, 1), (9, 1), (10, 5), (15, 3), (18, 1)], new SourceCode(Code).Functions().Select(function => (function.Line, function.Lines)));
    }

    private static void AssertShare(List<(string Place, int Lines)> sizes, int limit, double share)
    {
        var longer = sizes.Where(size => size.Lines > limit).OrderByDescending(size => size.Lines).ToList();
        Assert.True(
            longer.Count <= sizes.Count * (1 - share),
            $"{longer.Count} of {sizes.Count} have more than {limit} lines: {string.Join(", ", longer.Select(size => $"{size.Place} ({size.Lines})"))}");
    }
}
