using Insula.Engine.Containers;

namespace Insula.Cli.Tests.InsulaTool;

public sealed class InsulaProgramTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Help_and_version_are_for_everybody()
    {
        _cli.IsRoot = false;
        Assert.Equal(0, _cli.Run("insula", "--help"));
        Assert.Contains("template create", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("insula", "--version"));
        Assert.StartsWith("insula version ", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("insula", "help", "template", "create"));
        Assert.StartsWith("Usage: insula template create ", _cli.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, "Bad command: frob", "frob")]
    [InlineData(20, "Bad command: template frob", "template", "frob")]
    [InlineData(20, "Which command of template?", "template")]
    [InlineData(20, "Which command of net acl?", "net", "acl")]
    [InlineData(20, "Bad command: net acl frob", "net", "acl", "frob")]
    [InlineData(20, "insula net acl add needs CTID|NAME", "net", "acl", "add", "101")]
    [InlineData(20, "insula net acl policy needs --in", "net", "acl", "policy", "101")]
    [InlineData(14, "Container config file does not exist", "net", "acl", "remove", "101", "1")]
    [InlineData(21, "There is no address set home", "net", "set", "list", "home")]
    [InlineData(21, "Bad network \"10.0.0.1/8\"", "net", "nat", "add", "10.0.0.1/8")]
    [InlineData(20, "insula template info needs NAME", "template", "info")]
    [InlineData(20, "Unexpected argument \"b\"", "template", "info", "a", "b")]
    [InlineData(20, "Unknown option --frob", "template", "list", "--frob")]
    [InlineData(91, "Template nothing is not in", "template", "info", "nothing")]
    [InlineData(21, "Bad value \"openrc\" for --init", "template", "create", "debian-13", "--init", "openrc")]
    [InlineData(21, "There is no manual page of \"ls\"", "man", "ls")]
    [InlineData(21, "There is no completion for \"fish\"", "completion", "fish")]
    public void What_is_wrong_is_told(int code, string message, params string[] arguments)
    {
        Assert.Equal(code, _cli.Run("insula", arguments));
        Assert.StartsWith(message, _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net", "net acl add CTID|NAME in|out allow|deny PROTOCOL [options]")]
    [InlineData("net acl", "net acl policy CTID|NAME [options]")]
    [InlineData("template", "template create")]
    public void A_group_of_commands_has_help_of_its_own(string group, string expected)
    {
        _cli.IsRoot = false;
        Assert.Equal(0, _cli.Run("insula", [.. group.Split(' '), "--help"]));
        Assert.StartsWith($"Usage: insula {group} COMMAND", _cli.Output, StringComparison.Ordinal);
        Assert.Contains(expected, _cli.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("host prepare", _cli.Output, StringComparison.Ordinal);
        var help = _cli.Output;
        Assert.Equal(0, _cli.Run("insula", ["help", .. group.Split(' ')]));
        Assert.Equal(help, _cli.Output);
    }

    [Fact]
    public void Rules_and_forwards_are_set_as_parameters_of_the_container()
    {
        File.WriteAllText(_cli["101.conf"], "");
        Assert.Equal(0, _cli.Run("insula", "net", "acl", "add", "101", "in", "allow", "tcp", "--port", "22,80", "--from", "10.0.0.0/8", "--from", "@office", "--log", "--at", "2"));
        Assert.Equal(0, _cli.Run("insula", "net", "acl", "remove", "101", "2"));
        Assert.Equal(0, _cli.Run("insula", "net", "acl", "policy", "101", "--in", "deny", "--log", "yes"));
        Assert.Equal(0, _cli.Run("insula", "net", "forward", "add", "101", "tcp", "8080", "80", "--address", "192.0.2.1"));
        Assert.Equal(0, _cli.Run("insula", "net", "forward", "remove", "101", "all"));
        Assert.Equal(
        [
            "acl_add=in allow tcp port=22,80 from=10.0.0.0/8 from=@office at=2 log", "acl_del=2", "acl_policy=in=deny,log=yes",
            "forward_add=tcp 8080 80 address=192.0.2.1", "forward_del=all",
        ], _cli.Engine.Calls.OfType<SetRequest>().Select(request => string.Join(';', request.Options.Select(option => $"{option.Name}={option.Value}"))));
        Assert.All(_cli.Engine.Calls.OfType<SetRequest>(), request => Assert.True(request.Save));
    }

    [Fact]
    public void Nothing_to_do_shows_the_usage_on_standard_error()
    {
        Assert.Equal(20, _cli.Run("insula"));
        Assert.StartsWith("insula version ", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Templates_need_root()
    {
        _cli.IsRoot = false;
        Assert.Equal(12, _cli.Run("insula", "template", "remove", "a"));
        Assert.StartsWith("insula template remove must be run as root\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_without_templates_says_how_to_make_one_and_an_empty_list_in_json()
    {
        Assert.Equal(0, _cli.Run("insula", "template", "list"));
        Assert.Contains("insula template create", _cli.Output, StringComparison.Ordinal);
        Assert.Equal(0, _cli.Run("insula", "template", "list", "--json"));
        Assert.Equal("[]\n", _cli.Output);
    }

    [Fact]
    public void Check_needs_neither_root_nor_configuration_and_its_json_is_json()
    {
        _cli.IsRoot = false;
        _cli.RemoveGlobal();
        var code = _cli.Run("insula", "check", "--json");
        Assert.True(code is 0 or 5, $"exit code {code}");
        using var json = System.Text.Json.JsonDocument.Parse(_cli.Output);
        Assert.True(json.RootElement.GetProperty("items").GetArrayLength() > 10);
        Assert.Equal(code, _cli.Run("insula", "check"));
        Assert.StartsWith("Kernel ", _cli.Output, StringComparison.Ordinal);
    }
}
