namespace Insula.System.Tests.Commands;

/// <summary>Names with blanks, which may stand wherever a CTID may.</summary>
[Trait("Kernel", "any")]
public sealed class NameTests : IDisposable
{
    private readonly CommandHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_name_with_blanks_serves_every_command_and_can_be_changed_and_removed()
    {
        var ctid = CommandHost.NewCtid();
        _host.Vzctl("create", $"{ctid}", "--ostemplate", "bb", "--name", "two words 1").Succeeds();
        Assert.Equal($"CTID {ctid} exist unmounted down\n", _host.Vzctl("status", "two words 1").Succeeds().Output);
        _host.Vzctl("start", "two words 1").Succeeds();
        Assert.Equal("in it\n", _host.Vzctl("exec2", "two words 1", "echo in it").Succeeds().Output);
        Assert.Equal("two words 1", _host.Vzlist("-H", "-o", "name", "two words 1").Succeeds().Output.Trim());
        Assert.Equal($"{ctid}", _host.Vzlist("-H", "-o", "ctid", "-N", "two words*").Succeeds().Output.Trim());

        _host.Vzctl("set", "two words 1", "--name", "neuer Name", "--save").Succeeds();
        _host.Vzctl("status", "two words 1").Fails(21, "two words 1");
        Assert.Equal(["neuer Name"], Names());
        _host.Vzctl("restart", "neuer Name").Succeeds();
        _host.Vzctl("set", "neuer Name", "--name", "", "--save").Succeeds();
        Assert.Empty(Names());
        Assert.Equal($"CTID {ctid} exist mounted running\n", _host.Vzctl("status", $"{ctid}").Output);
    }

    [Fact]
    public void A_name_that_is_taken_or_begins_with_a_blank_changes_nothing()
    {
        var (one, two) = (_host.Container(), _host.Container());
        _host.Vzctl("set", $"{one}", "--name", "my box", "--save").Succeeds();
        var before = File.ReadAllText(_host.ConfigFile(two));
        _host.Vzctl("set", $"{two}", "--name", "my box", "--save").Fails(131, $"taken by CT {one}");
        _host.Vzctl("set", $"{two}", "--name", " my box", "--save").Fails(131, "starts or ends with a blank");
        _host.Vzctl("set", $"{two}", "--name", "my/box", "--save").Fails(131);
        var third = CommandHost.NewCtid();
        _host.Vzctl("create", $"{third}", "--ostemplate", "bb", "--name", "my box").Fails(131, $"taken by CT {one}");
        Assert.False(File.Exists(_host.ConfigFile(third)));
        Assert.Equal(before, File.ReadAllText(_host.ConfigFile(two)));
        Assert.Equal(["my box"], Names());
        // A destroyed container's name is free.
        _host.Vzctl("destroy", "my box").Succeeds();
        _host.Vzctl("set", $"{two}", "--name", "my box", "--save").Succeeds();
        Assert.Equal($"CTID {two} exist unmounted down\n", _host.Vzctl("status", "my box").Succeeds().Output);
    }

    private string[] Names() => [.. Directory.GetFileSystemEntries(Path.Combine(_host.Base, "etc/names")).Select(path => Path.GetFileName(path)!)];
}
