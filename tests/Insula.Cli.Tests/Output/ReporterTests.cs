namespace Insula.Cli.Tests.Output;

public sealed class ReporterTests : IDisposable
{
    private readonly CliFixture _cli = new();

    public void Dispose() => _cli.Dispose();

    private void Report(Action<Engine.IReporter> say, params string[] arguments)
    {
        _cli.Engine.OnCall = engine => say(engine.Reporter);
        Assert.Equal(0, _cli.Run("vzctl", [.. arguments, "start", "101"]));
    }

    private static void SayAll(Engine.IReporter reporter)
    {
        reporter.Info("Starting container...");
        reporter.Warning("odd");
        reporter.Error("bad");
    }

    [Fact]
    public void Steps_go_to_standard_output_and_trouble_to_standard_error()
    {
        Report(SayAll);
        Assert.Equal("Starting container...\n", _cli.Output);
        Assert.Equal("Warning: odd\nbad\n", _cli.Error);
    }

    [Fact]
    public void Quiet_silences_steps_on_the_console_but_not_in_the_log()
    {
        Report(SayAll, "--quiet");
        Assert.Empty(_cli.Output);
        Assert.Equal("Warning: odd\nbad\n", _cli.Error);
        Assert.Contains("Starting container...", File.ReadAllText(_cli.LogFile), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_the_log_has_time_program_container_and_text()
    {
        Report(SayAll);
        Assert.Equal(
            "2026-11-22T23:44:41+0100 vzctl : CT 101 : Starting container...\n"
            + "2026-11-22T23:44:41+0100 vzctl : CT 101 : Warning: odd\n"
            + "2026-11-22T23:44:41+0100 vzctl : CT 101 : bad\n",
            File.ReadAllText(_cli.LogFile));
    }

    [Fact]
    public void An_error_that_ends_the_command_is_in_the_log_too()
    {
        _cli.Engine.OnCall = _ => throw new Engine.InsulaException(Engine.ExitCode.Running, "Container is running");
        Assert.Equal(32, _cli.Run("vzctl", "destroy", "101"));
        Assert.Equal("2026-11-22T23:44:41+0100 vzctl : CT 101 : Container is running\n", File.ReadAllText(_cli.LogFile));
    }

    [Fact]
    public void The_log_is_not_written_when_it_is_switched_off()
    {
        _cli.WriteGlobal("LOGGING=no");
        Report(SayAll);
        Assert.False(File.Exists(_cli.LogFile));
    }

    [Fact]
    public void A_log_that_cannot_be_opened_is_no_error()
    {
        Directory.CreateDirectory(_cli.LogFile);
        Report(SayAll);
        Assert.Equal("Starting container...\n", _cli.Output);
    }

    [Fact]
    public void Text_of_a_container_cannot_forge_a_line_or_move_the_cursor()
    {
        Report(reporter => reporter.Info("a\nb\u001b[31mc\rd\u202ee"));
        Assert.Equal("a b?[31mc?d?e\n", _cli.Output);
        Assert.Single(File.ReadAllLines(_cli.LogFile));
    }

    [Fact]
    public void Progress_is_one_line_written_anew_on_a_terminal()
    {
        _cli.IsTerminal = true;
        Report(reporter =>
        {
            reporter.Progress("unpacking", 0, 200);
            reporter.Progress("unpacking", 1, 200);
            reporter.Progress("unpacking", 100, 200);
            reporter.Info("done");
        });
        Assert.Equal("\r\u001b[Kunpacking 0 %\r\u001b[Kunpacking 50 %\r\u001b[K", _cli.Error);
        Assert.Equal("done\n", _cli.Output);
    }

    [Fact]
    public void Progress_is_a_line_per_stage_elsewhere_and_nothing_when_quiet()
    {
        static void Say(Engine.IReporter reporter)
        {
            reporter.Progress("unpacking", 0, 200);
            reporter.Progress("unpacking", 100, 200);
            reporter.Progress("checking", 0, 0);
        }
        Report(Say);
        Assert.Equal("unpacking\nchecking\n", _cli.Output);
        Report(Say, "--quiet");
        Assert.Empty(_cli.Output);
    }
}
