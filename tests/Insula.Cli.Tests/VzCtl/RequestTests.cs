using Insula.Engine.Containers;

namespace Insula.Cli.Tests.VzCtl;

public sealed class RequestTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    private T RequestOf<T>(params string[] arguments)
    {
        Assert.Equal(0, _cli.Run("vzctl", arguments));
        return Assert.Single(_cli.Engine.Calls.OfType<T>());
    }

    [Fact]
    public void Create_passes_its_options_on()
    {
        var request = RequestOf<CreateRequest>(
            "create", "101", "--ostemplate", "debian-13", "--config=vswap-1g", "--layout", "dir", "--private", "/p/$VEID", "--root", "/r/$VEID",
            "--local_uid", "200000", "--local_gid", "300000", "--ipadd", "192.0.2.1", "--ipadd", "192.0.2.2", "--hostname", "web", "--name", "my web");
        Assert.Equal("debian-13", request.Template);
        Assert.Equal("vswap-1g", request.Sample);
        Assert.Equal("dir", request.Layout);
        Assert.Equal("/p/$VEID", request.Private);
        Assert.Equal("/r/$VEID", request.Root);
        Assert.Equal(200000u, request.LocalUid);
        Assert.Equal(300000u, request.LocalGid);
        OptionValue[] options = [new("ipadd", "192.0.2.1"), new("ipadd", "192.0.2.2"), new("hostname", "web"), new("name", "my web")];
        Assert.Equal(options, request.Options);
    }

    [Theory]
    [InlineData("--velayout")]
    [InlineData("--ve_layout")]
    public void Create_knows_the_old_names_of_layout(string option)
        => Assert.Equal("simfs", RequestOf<CreateRequest>("create", "101", option, "simfs").Layout);

    [Fact]
    public void Destroy_is_also_called_delete()
    {
        _cli.Run("vzctl", "delete", "101");
        Assert.Equal("destroy 101", _cli.Engine.Calls[0]);
    }

    [Fact]
    public void Set_passes_parameters_on_in_order_wherever_the_container_stands()
    {
        var request = RequestOf<SetRequest>("set", "--save", "101", "--cpuunits", "2000", "-p", "100:200", "--ip", "192.0.2.1", "--physpages=0:512M", "--ram", "1G");
        OptionValue[] options = [new("cpuunits", "2000"), new("numproc", "100:200"), new("ipadd", "192.0.2.1"), new("physpages", "0:512M"), new("ram", "1G")];
        Assert.Equal(options, request.Options);
        Assert.True(request.Save);
        Assert.False(request.Force);
    }

    [Fact]
    public void Set_passes_its_own_options_on()
    {
        var request = RequestOf<SetRequest>("set", "101", "--force", "--save", "--setmode", "restart", "--applyconfig", "light", "--reset_ub");
        Assert.True(request.Force);
        Assert.True(request.ResetBeancounters);
        Assert.Equal("restart", request.Mode);
        Assert.Equal("light", request.ApplySample);
        Assert.Empty(request.Options);
    }

    [Fact]
    public void Set_is_allowed_for_the_host() => Assert.Single(RequestOf<SetRequest>("set", "0", "--cpuunits", "1000").Options);

    [Fact]
    public void A_value_that_looks_like_an_option_is_a_value()
        => Assert.Equal("--save", Assert.Single(RequestOf<SetRequest>("set", "101", "--description", "--save").Options).Value);

    [Fact]
    public void An_empty_value_is_a_value()
        => Assert.Equal(new OptionValue("name", ""), Assert.Single(RequestOf<SetRequest>("set", "101", "--name", "", "--save").Options));

    [Fact]
    public void A_long_option_may_be_cut_short_while_it_is_unique()
    {
        Assert.Equal("hostname", Assert.Single(RequestOf<SetRequest>("set", "101", "--hostn", "a").Options).Name);
        Assert.Equal(20, _cli.Run("vzctl", "set", "101", "--num", "1"));
        Assert.StartsWith("Option --num may be more than one\n", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Start_passes_its_options_on_and_takes_the_old_ones()
    {
        var request = RequestOf<StartRequest>("start", "--force", "101", "--wait", "--skip-fsck", "--skip-remount");
        Assert.Equal(new StartRequest { Force = true, Wait = true }, request);
    }

    [Fact]
    public void Start_dry_run_prints_the_plan_and_starts_nothing()
    {
        Assert.Equal(0, _cli.Run("vzctl", "start", "101", "--dry-run"));
        Assert.Equal("clone3\nmount proc on /proc\n", _cli.Output);
        Assert.Equal(["describe 101"], _cli.Engine.Calls);
    }

    [Fact]
    public void Stop_and_restart_pass_their_options_on()
    {
        Assert.Equal(new StopRequest { Fast = true, SkipUnmount = true, TimeoutSeconds = 5 }, RequestOf<StopRequest>("stop", "101", "--fast", "--skip-umount", "--timeout", "5"));
        _cli.Engine.Calls.Clear();
        Assert.Equal(new StopRequest { Fast = true }, RequestOf<StopRequest>("restart", "101", "--fast", "--wait"));
        Assert.Contains(new StartRequest { Wait = true }, _cli.Engine.Calls);
    }

    [Theory]
    [InlineData("exec")]
    [InlineData("exec2")]
    [InlineData("exec3")]
    public void Everything_after_the_container_is_the_command_untouched(string verb)
    {
        var request = RequestOf<ExecuteRequest>(verb, "101", "--save", "-c", "a  b", "--", "--help", "", "$HOME");
        Assert.Equal(["--save", "-c", "a  b", "--", "--help", "", "$HOME"], request.Command);
        Assert.Equal(verb != "exec3", request.Shell);
    }

    [Theory]
    [InlineData("exec", 0, 0)]
    [InlineData("exec", 3, 8)]
    [InlineData("exec", 137, 8)]
    [InlineData("exec2", 0, 0)]
    [InlineData("exec2", 3, 3)]
    [InlineData("exec3", 137, 137)]
    [InlineData("runscript", 7, 7)]
    [InlineData("enter", 5, 5)]
    public void Exec_flattens_failure_and_the_others_pass_the_code_on(string verb, int result, int code)
    {
        _cli.Engine.Result = result;
        string[] arguments = verb == "enter" ? [verb, "101"] : [verb, "101", "x"];
        Assert.Equal(code, _cli.Run("vzctl", arguments));
    }

    [Fact]
    public void Enter_types_the_rest_of_the_line()
    {
        Assert.Equal("ls -la --color; logout", RequestOf<EnterRequest>("enter", "101", "--exec", "ls", "-la", "--color;", "logout").Type);
        _cli.Engine.Calls.Clear();
        Assert.Null(RequestOf<EnterRequest>("enter", "101").Type);
    }

    [Theory]
    [InlineData("1", "console", "101")]
    [InlineData("2", "console", "101", "2")]
    public void Console_is_number_one_unless_another_is_named(string number, params string[] arguments)
    {
        Assert.Equal(0, _cli.Run("vzctl", arguments));
        Assert.Equal(["console 101", number], _cli.Engine.Calls);
    }

    [Fact]
    public void Mount_umount_and_runscript_reach_the_engine()
    {
        _cli.Run("vzctl", "mount", "101");
        _cli.Run("vzctl", "umount", "101");
        _cli.Run("vzctl", "runscript", "101", "/root/a.sh");
        Assert.Equal(["mount 101", "umount 101", "runscript 101", "/root/a.sh"], _cli.Engine.Calls);
    }

    [Fact]
    public void Every_command_has_help_that_names_its_options()
    {
        foreach (var command in Cli.VzCtl.VzCtlCommands.All())
        {
            Assert.Equal(0, _cli.Run("vzctl", command.Name, "--help"));
            foreach (var option in command.Options)
                Assert.Equal(!option.Hidden, _cli.Output.Contains($"--{option.Name}", StringComparison.Ordinal));
        }
        Assert.Empty(_cli.Engine.Calls);
    }
}
