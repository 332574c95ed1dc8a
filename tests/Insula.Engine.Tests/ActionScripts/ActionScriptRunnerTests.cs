using System.Text;
using Insula.Engine.ActionScripts;
using Insula.Engine.Containers;
using Insula.Engine.Host;

namespace Insula.Engine.Tests.ActionScripts;

public sealed class ActionScriptRunnerTests : IDisposable
{
    private static readonly Ctid Container = new(101);

    private readonly string _base = Directory.CreateTempSubdirectory("insula-scripts-").FullName;
    private readonly List<string> _given = [];
    private readonly Recorder _reporter = new();
    private readonly ActionScriptRunner _runner;
    private int _codeInContainer;

    public ActionScriptRunnerTests()
    {
        Directory.CreateDirectory(Path.Combine(_base, "conf"));
        _runner = new ActionScriptRunner(HostLayout.Default with { ConfigDirectory = _base }, _reporter, (ctid, script) =>
        {
            _given.Add($"{ctid} {Encoding.UTF8.GetString(script)}");
            return _codeInContainer;
        });
    }

    private string Log => Path.Combine(_base, "log");

    public void Dispose() => Directory.Delete(_base, recursive: true);

    private string Add(string name, string body, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)
    {
        var path = Path.Combine(_base, "conf", name);
        File.WriteAllText(path, body);
        File.SetUnixFileMode(path, mode);
        return path;
    }

    private string[] Logged => File.Exists(Log) ? File.ReadAllLines(Log) : [];

    [Theory]
    [InlineData(ActionMoment.BeforeMount, "vps.premount", "101.premount")]
    [InlineData(ActionMoment.AfterMount, "vps.mount", "101.mount")]
    [InlineData(ActionMoment.BeforeUnmount, "101.umount", "vps.umount")]
    [InlineData(ActionMoment.AfterUnmount, "101.postumount", "vps.postumount")]
    [InlineData(ActionMoment.AfterCreate, "vps.create")]
    public void Scripts_of_the_host_run_in_the_order_of_vzctl(ActionMoment moment, params string[] order)
    {
        foreach (var action in new[] { "premount", "mount", "start", "stop", "umount", "postumount", "create" })
        {
            foreach (var prefix in new[] { "vps", "101", "102" })
                Add($"{prefix}.{action}", $"#!/bin/sh\necho \"${{0##*/}}\" >> {Log}\n");
        }
        _runner.Run(moment, Container);
        Assert.Equal(order, Logged);
        Assert.Empty(_given);
    }

    [Fact]
    public void A_script_gets_five_variables_no_input_no_arguments_and_no_descriptors_of_ours()
    {
        Add("vps.mount", $"""
            #!/bin/sh
            tr '\0' '\n' < /proc/self/environ > {Log}
            echo "$# arguments" >> {Log}
            cat >> {Log}
            ls /proc/$$/fd | tr '\n' ' ' >> {Log}
            """);
        using var stray = File.OpenRead("/dev/null");
        _runner.Run(ActionMoment.AfterMount, Container);
        var lines = Logged;
        Assert.Equal("VEID=101", lines[0]);
        Assert.Equal($"VE_CONFFILE={_base}/conf/101.conf", lines[1]);
        Assert.Equal(["PATH", "HOME", "TERM"], lines[2..5].Select(line => line.Split('=')[0]));
        Assert.Equal("0 arguments", lines[5]);
        // The shell keeps its script open at a number of 10 or more.
        Assert.StartsWith("0 1 ", lines[6]);
        Assert.Contains(" 2 ", lines[6]);
        Assert.DoesNotContain(" 3 ", lines[6]);
        Assert.Equal(7, lines.Length);
    }

    [Fact]
    public void A_failing_script_ends_the_operation_and_the_next_does_not_run()
    {
        var path = Add("vps.premount", "#!/bin/sh\nexit 3\n");
        Add("101.premount", $"#!/bin/sh\necho ran >> {Log}\n");
        var error = Assert.Throws<InsulaException>(() => _runner.Run(ActionMoment.BeforeMount, Container));
        Assert.Equal(ExitCode.ActionScript, error.Code);
        Assert.Equal($"Action script {path} of container 101 failed with code 3", error.Message);
        Assert.Empty(Logged);
    }

    [Fact]
    public void A_script_ended_by_a_signal_failed()
    {
        Add("vps.mount", "#!/bin/sh\nkill -TERM $$\n");
        var error = Assert.Throws<InsulaException>(() => _runner.Run(ActionMoment.AfterMount, Container));
        Assert.EndsWith("code 143", error.Message);
    }

    [Fact]
    public void Start_and_stop_are_given_to_the_container()
    {
        Add("101.start", "echo start\n", UnixFileMode.UserRead);
        Add("vps.start", "#!/bin/sh\nexit 1\n");
        _runner.Run(ActionMoment.Start, Container);
        _runner.Run(ActionMoment.Stop, Container);
        Assert.Equal(["101 echo start\n"], _given);
        _codeInContainer = 5;
        Assert.Equal(ExitCode.ActionScript, Assert.Throws<InsulaException>(() => _runner.Run(ActionMoment.Start, Container)).Code);
    }

    [Theory]
    [InlineData("vps.mount", UnixFileMode.GroupWrite)]
    [InlineData("101.mount", UnixFileMode.OtherWrite)]
    public void A_script_that_others_can_write_is_refused(string name, UnixFileMode extra)
    {
        Add(name, $"#!/bin/sh\necho ran >> {Log}\n", UnixFileMode.UserRead | UnixFileMode.UserExecute | extra);
        var error = Assert.Throws<InsulaException>(() => _runner.Run(ActionMoment.AfterMount, Container));
        Assert.Contains("others than root may write it", error.Message);
        Assert.Equal(ExitCode.ActionScript, error.Code);
        Assert.Empty(Logged);
    }

    [Fact]
    public void A_script_of_another_user_is_refused()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root to give a file away");
        var path = Add("vps.mount", $"#!/bin/sh\necho ran >> {Log}\n");
        using (var directory = Insula.Linux.Syscalls.Files.Open(Path.GetDirectoryName(path)!, Insula.Linux.Syscalls.OpenFlags.Path))
            Insula.Linux.Syscalls.Kernel.ChangeOwner(directory, "vps.mount", 12345, 0, 0, path);
        var error = Assert.Throws<InsulaException>(() => _runner.Run(ActionMoment.AfterMount, Container));
        Assert.Contains("belongs to user 12345", error.Message);
        Assert.Empty(Logged);
    }

    [Fact]
    public void A_script_that_is_not_executable_is_passed_over_with_a_warning()
    {
        var path = Add("vps.mount", "#!/bin/sh\nexit 1\n", UnixFileMode.UserRead);
        _runner.Run(ActionMoment.AfterMount, Container);
        Assert.Equal([$"Action script {path} is not executable and was not run"], _reporter.Warnings);
    }

    [Theory]
    [InlineData("exit 0\n", "its first line must name an interpreter: #!/bin/sh")]
    [InlineData("#!/nonexistent\n", "the interpreter in its first line does not exist")]
    public void A_script_that_cannot_be_executed_says_why(string body, string hint)
    {
        Add("vps.mount", body);
        var error = Assert.Throws<InsulaException>(() => _runner.Run(ActionMoment.AfterMount, Container));
        Assert.Equal(hint, error.Hint);
        Assert.Equal(ExitCode.ActionScript, error.Code);
    }

    [Fact]
    public void A_directory_or_FIFO_is_no_script()
    {
        Directory.CreateDirectory(Path.Combine(_base, "conf", "vps.mount"));
        Assert.Throws<InsulaException>(() => _runner.Run(ActionMoment.AfterMount, Container));
    }

    [Fact]
    public void Whether_there_are_scripts_can_be_asked()
    {
        Assert.False(_runner.HasScripts(ActionMoment.Start, Container));
        Add("101.start", "");
        Assert.True(_runner.HasScripts(ActionMoment.Start, Container));
        Assert.False(_runner.HasScripts(ActionMoment.Start, new Ctid(102)));
    }

    private sealed class Recorder : IReporter
    {
        public List<string> Warnings { get; } = [];

        public void Info(string message)
        {
        }

        public void Warning(string message) => Warnings.Add(message);

        public void Error(string message) => Warnings.Add(message);

        public void Progress(string what, long done, long total)
        {
        }
    }
}
