using Insula.Engine;
using Insula.Engine.Containers;
using Insula.Linux.Syscalls;

namespace Insula.Cli.Tests.VzCtl;

public sealed class FrameTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Help_goes_to_standard_output_and_starts_with_the_version()
    {
        Assert.Equal(0, _cli.Run("/usr/sbin/vzctl", "--help"));
        Assert.Matches(@"\Avzctl version \d+\.\d+\.\d+\n", _cli.Output);
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public void Help_and_version_need_neither_root_nor_configuration()
    {
        _cli.IsRoot = false;
        _cli.RemoveGlobal();
        Assert.Equal(0, _cli.Run("vzctl", "--help"));
        Assert.Equal(0, _cli.Run("vzctl", "--version"));
        Assert.Matches(@"\Avzctl version \d+\.\d+\.\d+\n\z", _cli.Output);
        Assert.Equal(0, _cli.Run("vzctl", "start", "--help"));
    }

    [Fact]
    public void No_arguments_show_the_usage_on_standard_error()
    {
        Assert.Equal(20, _cli.Run("vzctl"));
        Assert.Empty(_cli.Output);
        Assert.StartsWith("vzctl version ", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, "Bad command: frob", "frob", "101")]
    [InlineData(20, "Bad command: frob", "frob")]
    [InlineData(20, "Bad command: --frob", "--frob", "start", "101")]
    [InlineData(20, "Bad command: suspend", "suspend", "101")]
    [InlineData(21, "CT ID missing", "start")]
    [InlineData(21, "CT ID missing", "exec")]
    [InlineData(21, "CT ID missing", "set", "--save")]
    [InlineData(21, "Bad CT ID x/y", "start", "x/y")]
    [InlineData(21, "Bad CT ID destroy", "start", "destroy", "102")]
    [InlineData(21, "Bad CT ID nobody", "status", "nobody", "--frob")]
    [InlineData(21, "Only set actions are allowed for CT0", "start", "0")]
    [InlineData(21, "Only set actions are allowed for CT0", "status", "0")]
    [InlineData(20, "Unknown option --frob", "start", "101", "--frob")]
    [InlineData(20, "Unknown option -Z", "set", "101", "-Z")]
    [InlineData(20, "Option --cpuunits needs a value: N", "set", "101", "--cpuunits")]
    [InlineData(20, "Option --save takes no value", "set", "101", "--save=yes")]
    [InlineData(20, "Unexpected argument \"102\" for start", "start", "101", "102")]
    [InlineData(20, "No command is given", "exec", "101")]
    [InlineData(20, "No script is given", "runscript", "101")]
    [InlineData(21, "Bad console number \"x\"", "console", "101", "x")]
    [InlineData(21, "Bad value \"never\" for --setmode", "set", "101", "--setmode", "never")]
    [InlineData(21, "Bad value \"-1\" for --timeout", "stop", "101", "--timeout", "-1")]
    public void What_is_wrong_is_told_on_standard_error_with_its_code(int code, string message, params string[] arguments)
    {
        Assert.Equal(code, _cli.Run("vzctl", arguments));
        Assert.Equal(message, _cli.Error.Split('\n')[0]);
        Assert.Empty(_cli.Output);
        Assert.Empty(_cli.Engine.Calls);
    }

    [Fact]
    public void An_unknown_option_comes_with_a_hint()
    {
        _cli.Run("vzctl", "start", "101", "--frob");
        Assert.Equal("Unknown option --frob\nHint: See vzctl start --help\n", _cli.Error);
    }

    [Fact]
    public void A_missing_global_configuration_is_code_10()
    {
        _cli.RemoveGlobal();
        Assert.Equal(10, _cli.Run("vzctl", "start", "101"));
    }

    [Fact]
    public void Only_root_gets_further_than_the_command_line()
    {
        _cli.IsRoot = false;
        Assert.Equal(12, _cli.Run("vzctl", "start", "101"));
        Assert.StartsWith("vzctl must be run as root\nHint: ", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Engine.Calls);
    }

    [Fact]
    public void A_name_may_stand_for_the_number()
    {
        Assert.Equal(0, _cli.Run("vzctl", "start", "web"));
        Assert.Equal("start 101", _cli.Engine.Calls[0]);
    }

    [Fact]
    public void The_binary_is_vzctl_by_its_name_or_by_its_first_argument()
    {
        Assert.Equal(0, _cli.Run("/opt/insula/bin/insula", "vzctl", "status", "101"));
        Assert.Equal("CTID 101 exist mounted running\n", _cli.Output);
    }

    [Theory]
    [InlineData("start", 21, "Bad CT ID \uFFFD")]
    [InlineData("exec", 21, "Bad CT ID \uFFFD")]
    public void A_container_that_is_not_utf8_is_a_bad_ct_id(string verb, int code, string message)
    {
        _cli.CommandLine = $"vzctl\0{verb}\0\xff\0";
        Assert.Equal(code, _cli.Run("vzctl", verb, "\uFFFD"));
        Assert.StartsWith(message, _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Engine.Calls);
    }

    [Fact]
    public void Other_arguments_that_are_not_utf8_are_bad_syntax()
    {
        _cli.CommandLine = "vzctl\0set\0101\0--description\0a\xff\0";
        Assert.Equal(20, _cli.Run("vzctl", "set", "101", "--description", "a\uFFFD"));
        Assert.Empty(_cli.Engine.Calls);
    }

    [Fact]
    public void An_honest_replacement_character_is_accepted()
    {
        _cli.CommandLine = "vzctl\0set\0101\0--description\0a\xef\xbf\xbd\0";
        Assert.Equal(0, _cli.Run("vzctl", "set", "101", "--description", "a\uFFFD"));
    }

    [Fact]
    public void Skiplock_reaches_the_engine()
    {
        _cli.Run("vzctl", "--skiplock", "--quiet", "--verbose", "--verbose", "start", "101");
        Assert.True(_cli.Engine.Options.SkipLock);
        Assert.Equal("start 101", _cli.Engine.Calls[0]);
    }

    public static TheoryData<Exception, int> Errors => new()
    {
        { new InsulaException(ExitCode.Locked, "x"), 9 },
        { new LinuxException("mount", "x", Errno.EPERM), 3 },
        { new LinuxException("write", "x", Errno.ENOSPC), 46 },
        { new UnauthorizedAccessException("x"), 12 },
        { new IOException("x", (int)Errno.ENOSPC), 46 },
        { new IOException("x", (int)Errno.EIO), 3 },
        { new OperationCanceledException(), 3 },
        { new InvalidOperationException("x"), 3 },
    };

    [Theory]
    [MemberData(nameof(Errors))]
    public void Every_error_has_its_exit_code(Exception error, int code)
    {
        _cli.Engine.OnCall = _ => throw error;
        Assert.Equal(code, _cli.Run("vzctl", "start", "101"));
        Assert.NotEmpty(_cli.Error);
        Assert.DoesNotContain("   at ", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_causes_of_an_error_are_shown_when_asked_for()
    {
        var cause = new LinuxException("open", "/x", Errno.ENOENT);
        _cli.Engine.OnCall = _ => throw new InsulaException(ExitCode.SaveConfig, "Cannot save", "Try again", cause);
        Assert.Equal(139, _cli.Run("vzctl", "start", "101"));
        Assert.Equal("Cannot save\nHint: Try again\n", _cli.Error);
        _cli.Run("vzctl", "--verbose", "start", "101");
        Assert.Equal($"Cannot save\nHint: Try again\n  because: {cause.Message}\n", _cli.Error);
    }

    [Fact]
    public void An_unexpected_error_names_its_type_and_shows_its_trace_only_at_the_second_verbose()
    {
        _cli.Engine.OnCall = _ => throw new InvalidOperationException("odd");
        _cli.Run("vzctl", "--verbose", "start", "101");
        Assert.Equal("Unexpected error: InvalidOperationException: odd\n", _cli.Error);
        _cli.Run("vzctl", "--verbose", "--verbose", "start", "101");
        Assert.Contains("at Insula.", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_can_be_cancelled_and_start_costs_no_signal_thread()
    {
        _cli.Run("vzctl", "create", "101");
        Assert.True(_cli.Engine.Options.Cancellation.CanBeCanceled);
        _cli.Run("vzctl", "start", "101");
        Assert.False(_cli.Engine.Options.Cancellation.CanBeCanceled);
    }

    [Fact]
    public void A_bad_value_in_the_global_configuration_is_a_warning_except_for_status()
    {
        _cli.WriteGlobal("LOGGING=\"perhaps\"");
        Assert.Equal(0, _cli.Run("vzctl", "start", "101"));
        Assert.StartsWith("Warning: ", _cli.Error, StringComparison.Ordinal);
        _cli.Run("vzctl", "status", "101");
        Assert.Empty(_cli.Error);
    }
}
