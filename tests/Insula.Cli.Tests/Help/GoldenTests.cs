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
    [InlineData("docs/man/vzubc.8", "man", "vzubc")]
    [InlineData("docs/man/vzquota.8", "man", "vzquota")]
    [InlineData("docs/man/vzdqcheck.8", "man", "vzdqcheck")]
    [InlineData("docs/man/vzdqdump.8", "man", "vzdqdump")]
    [InlineData("docs/man/vzdqload.8", "man", "vzdqload")]
    [InlineData("docs/man/arpsend.8", "man", "arpsend")]
    [InlineData("docs/man/ndsend.8", "man", "ndsend")]
    [InlineData("docs/man/vznetstat.8", "man", "vznetstat")]
    [InlineData("docs/man/vztactl.8", "man", "vztactl")]
    [InlineData("docs/man/vznetcfg.8", "man", "vznetcfg")]
    [InlineData("docs/man/vznetaddbr.8", "man", "vznetaddbr")]
    [InlineData("docs/man/vzifup-post.8", "man", "vzifup-post")]
    [InlineData("docs/man/insula.8", "man", "insula")]
    [InlineData("docs/man/insulad.8", "man", "insulad")]
    [InlineData("docs/man/vzcalc.8", "man", "vzcalc")]
    [InlineData("docs/man/vzcfgscale.8", "man", "vzcfgscale")]
    [InlineData("docs/man/vzcfgvalidate.8", "man", "vzcfgvalidate")]
    [InlineData("docs/man/vzcpucheck.8", "man", "vzcpucheck")]
    [InlineData("docs/man/vzmemcheck.8", "man", "vzmemcheck")]
    [InlineData("docs/man/vzoversell.8", "man", "vzoversell")]
    [InlineData("docs/man/vzsplit.8", "man", "vzsplit")]
    [InlineData("packaging/completions/bash/vzctl", "completion", "bash", "vzctl")]
    [InlineData("packaging/completions/bash/vzlist", "completion", "bash", "vzlist")]
    [InlineData("packaging/completions/bash/vzubc", "completion", "bash", "vzubc")]
    [InlineData("packaging/completions/bash/insula", "completion", "bash", "insula")]
    [InlineData("packaging/completions/bash/vzcalc", "completion", "bash", "vzcalc")]
    [InlineData("packaging/completions/bash/vzcfgscale", "completion", "bash", "vzcfgscale")]
    [InlineData("packaging/completions/bash/vzcfgvalidate", "completion", "bash", "vzcfgvalidate")]
    [InlineData("packaging/completions/bash/vzcpucheck", "completion", "bash", "vzcpucheck")]
    [InlineData("packaging/completions/bash/vzmemcheck", "completion", "bash", "vzmemcheck")]
    [InlineData("packaging/completions/bash/vzoversell", "completion", "bash", "vzoversell")]
    [InlineData("packaging/completions/bash/vzsplit", "completion", "bash", "vzsplit")]
    public void The_repository_holds_what_the_program_prints(string path, params string[] arguments)
    {
        Assert.Equal(0, _cli.Run("insula", arguments));
        Golden.Check(path, _cli.Output);
    }

    [Theory]
    [InlineData("vzctl")]
    [InlineData("vzlist")]
    [InlineData("insula")]
    [InlineData("insulad")]
    [InlineData("vzcalc")]
    [InlineData("vzcfgscale")]
    [InlineData("vzcfgvalidate")]
    [InlineData("vzcpucheck")]
    [InlineData("vzmemcheck")]
    [InlineData("vzoversell")]
    [InlineData("vzsplit")]
    public void A_manual_page_holds_no_request_that_text_made(string program)
    {
        _cli.Run("insula", "man", program);
        string[] requests = [".TH ", ".SH ", ".SS ", ".PP", ".TP", ".B ", ".BR ", ".I "];
        foreach (var line in _cli.Output.Split('\n').Where(line => line.StartsWith('.') || line.StartsWith('\'')))
            Assert.Contains(requests, request => line.StartsWith(request, StringComparison.Ordinal));
    }
}
