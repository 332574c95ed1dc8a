using System.Runtime.CompilerServices;

namespace Insula.Cli.Tests.Help;

/// <summary>
/// The manual pages and the completion in the repository are what the programs print. To renew them after a change, run the tests with
/// INSULA_WRITE_GOLDEN=1.
/// </summary>
public sealed class GoldenTests : IDisposable
{
    private readonly CliFixture _cli = new() { IsRoot = false };

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("docs/man/vzctl.8", "man", "vzctl")]
    [InlineData("docs/man/vzlist.8", "man", "vzlist")]
    [InlineData("docs/man/vzpid.8", "man", "vzpid")]
    [InlineData("docs/man/vzquota.8", "man", "vzquota")]
    [InlineData("docs/man/vzdqcheck.8", "man", "vzdqcheck")]
    [InlineData("docs/man/vzdqdump.8", "man", "vzdqdump")]
    [InlineData("docs/man/vzdqload.8", "man", "vzdqload")]
    [InlineData("docs/man/insula.8", "man", "insula")]
    [InlineData("packaging/completions/bash/vzctl", "completion", "bash", "vzctl")]
    [InlineData("packaging/completions/bash/vzlist", "completion", "bash", "vzlist")]
    [InlineData("packaging/completions/bash/insula", "completion", "bash", "insula")]
    public void The_repository_holds_what_the_program_prints(string path, params string[] arguments)
    {
        Assert.Equal(0, _cli.Run("insula", arguments));
        var file = Path.Combine(RepositoryRoot(), path);
        if (Environment.GetEnvironmentVariable("INSULA_WRITE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, _cli.Output);
        }
        Assert.Equal(File.ReadAllText(file), _cli.Output);
    }

    [Theory]
    [InlineData("vzctl")]
    [InlineData("vzlist")]
    [InlineData("insula")]
    public void A_manual_page_holds_no_request_that_text_made(string program)
    {
        _cli.Run("insula", "man", program);
        string[] requests = [".TH ", ".SH ", ".SS ", ".PP", ".TP", ".B ", ".BR ", ".I "];
        foreach (var line in _cli.Output.Split('\n').Where(line => line.StartsWith('.') || line.StartsWith('\'')))
            Assert.Contains(requests, request => line.StartsWith(request, StringComparison.Ordinal));
    }

    private static string RepositoryRoot([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../../.."));
}
