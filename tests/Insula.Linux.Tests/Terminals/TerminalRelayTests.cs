using System.Text;
using Insula.Linux.Launch;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;
using Insula.Linux.Terminals;

namespace Insula.Linux.Tests.Terminals;

/// <summary>
/// A pseudo-terminal plays the user's terminal, another one the session's; the session is a shell that a launch plan starts. Signals
/// go to the whole test process, so these tests run one after the other (a class is a collection).
/// </summary>
public sealed class TerminalRelayTests : IDisposable
{
    private const int SIGHUP = 1, SIGWINCH = 28;
    private readonly PseudoTerminal _user = PseudoTerminal.OpenHost();
    private readonly PseudoTerminal _session = PseudoTerminal.OpenHost();
    private readonly FileDescriptor _userSide;
    private readonly TerminalSettings _before;
    private readonly StringBuilder _shown = new();
    private LaunchPlan? _plan;
    private LaunchedProcess? _shell;

    public TerminalRelayTests()
    {
        _userSide = _user.OpenPeer();
        Terminal.TryGetSettings(_userSide, out _before);
    }

    public void Dispose()
    {
        _shell?.PidFd.Kill();
        _shell?.PidFd.Wait();
        _shell?.Dispose();
        _plan?.Dispose();
        _userSide.Dispose();
        _user.Dispose();
        _session.Dispose();
    }

    [Fact]
    public async Task A_shell_answers_and_its_end_ends_the_relay_with_the_terminal_as_before()
    {
        Start("echo ready; read line; echo \"got $line\"");
        var relay = Run(session: true);
        WaitFor("ready");
        Assert.False(UserSettings().IsLineMode);
        Type("hello\r");
        Assert.Equal(RelayEnd.SessionEnded, await relay);
        ReadShown();
        Assert.Contains("got hello", _shown.ToString(), StringComparison.Ordinal);
        Assert.Equal(_before, UserSettings());
    }

    [Fact]
    public async Task The_last_words_of_a_session_are_shown()
    {
        Start("i=0; while [ $i -lt 300 ]; do echo line $i; i=$((i+1)); done");
        var relay = Run(session: true);
        WaitFor("line 299");
        Assert.Equal(RelayEnd.SessionEnded, await relay);
    }

    [Fact]
    public async Task A_process_that_is_left_behind_does_not_hold_the_relay()
    {
        Start("trap '' HUP; (sleep 30) & echo pid=$!.");
        var relay = Run(session: true);
        Assert.Equal(RelayEnd.SessionEnded, await relay);
        WaitFor(".");
        var pid = _shown.ToString().Split("pid=")[1].Split('.')[0];
        using var left = PidFd.TryOpen(int.Parse(pid, System.Globalization.CultureInfo.InvariantCulture));
        Assert.NotNull(left);
        left.Kill();
    }

    [Fact]
    public async Task Without_a_session_the_close_of_the_other_side_ends_the_relay()
    {
        var peer = _session.OpenPeer();
        var relay = Run(session: false);
        Files.WriteAll(peer, "bye"u8, "peer");
        peer.Dispose();
        Assert.Equal(RelayEnd.SessionEnded, await relay);
        ReadShown();
        Assert.EndsWith("bye", _shown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_window_has_the_users_size_from_the_start_and_when_it_changes()
    {
        Terminal.TrySetWindowSize(_user.Master, new WindowSize(40, 90));
        Start("trap 'stty size' WINCH; stty size; while :; do read line && exit; done");
        var relay = Run(session: true);
        WaitFor("40 90");
        Terminal.TrySetWindowSize(_user.Master, new WindowSize(41, 132));
        // The test's own controlling terminal is another one, so the kernel tells nobody here; the user's shell would be told.
        Signal(SIGWINCH);
        WaitFor("41 132");
        Type("\r");
        Assert.Equal(RelayEnd.SessionEnded, await relay);
    }

    [Fact]
    public async Task The_user_detaches_and_the_session_goes_on()
    {
        Start("echo ready; read line; echo \"got $line\"; sleep 30");
        var attention = 0;
        var relay = Run(session: true, new EscapeFilter(EscapeFilter.EscapeKey, character =>
        {
            attention += character == (byte)'!' ? 1 : 0;
            return character switch { (byte)'.' => EscapeAnswer.Detach, (byte)'!' => EscapeAnswer.Taken, _ => EscapeAnswer.PassOn };
        }));
        WaitFor("ready");
        Type("\x1b!");
        Type("a\r");
        WaitFor("got a");
        Type("\x1b.");
        Assert.Equal(RelayEnd.Detached, await relay);
        Assert.Equal(1, attention);
        Assert.False(_shell!.PidFd.HasEnded);
        Assert.Equal(_before, UserSettings());
    }

    [Fact]
    public async Task A_signal_ends_the_relay_and_the_terminal_is_as_before()
    {
        Start("echo ready; sleep 30");
        TerminalRelay? made = null;
        var relay = Run(session: true, made: value => made = value);
        WaitFor("ready");
        Signal(SIGHUP);
        Assert.Equal(RelayEnd.Signalled, await relay);
        Assert.Equal(SIGHUP, made!.Signal);
        Assert.Equal(_before, UserSettings());
        Assert.False(_shell!.PidFd.HasEnded);
    }

    [Fact]
    public async Task A_terminal_that_is_hung_up_ends_the_relay()
    {
        Start("echo ready; sleep 30");
        var relay = Run(session: true);
        WaitFor("ready");
        _user.Dispose();
        Assert.Equal(RelayEnd.UserGone, await relay);
    }

    [Theory]
    [InlineData("one\ntwo\n", "2 ")]
    [InlineData("one\ntwo", "1 ")]
    [InlineData("", "0 ")]
    public async Task A_pipe_is_read_to_its_end_and_its_end_is_the_end_of_input(string text, string lines)
    {
        Start("stty -echo; echo ready; wc -l | tr '\\n' ' '");
        var (reader, writer) = Files.Pipe();
        using (reader)
        {
            var relay = Run(session: true, input: reader);
            WaitFor("ready");
            Files.WriteAll(writer, Encoding.ASCII.GetBytes(text), "pipe");
            writer.Dispose();
            Assert.Equal(RelayEnd.SessionEnded, await relay);
            ReadShown();
            Assert.EndsWith(lines, _shown.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nobody_who_reads_ends_the_relay()
    {
        Start("while :; do echo y; done");
        var (reader, writer) = Files.Pipe();
        using (writer)
        {
            var relay = Run(session: true, output: writer);
            reader.Dispose();
            Assert.Equal(RelayEnd.UserGone, await relay);
        }
    }

    [Fact]
    public async Task A_long_paste_into_a_session_that_echoes_it_does_not_lock_up()
    {
        Start("stty raw; echo ready; exec head -c 200000");
        var relay = Run(session: true);
        WaitFor("ready");
        var written = Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
                Type(new string('x', 100));
        });
        while (!relay.IsCompleted || !written.IsCompleted)
            ReadShown(wait: true);
        Assert.Equal(RelayEnd.SessionEnded, await relay);
        ReadShown();
        // head writes all, and the terminal echoes some of it as well.
        Assert.True(_shown.ToString().Count(character => character == 'x') >= 200_000);
    }

    [Fact]
    public async Task The_masters_descriptor_blocks_again_afterwards()
    {
        Start("true");
        Assert.Equal(RelayEnd.SessionEnded, await Run(session: true));
        const int F_GETFL = 3;
        Assert.Equal(0, Kernel.Call(Syscall.FCntl, _session.Master.Number, F_GETFL) & (long)OpenFlags.NonBlocking);
    }

    private void Start(string script)
    {
        using var peer = _session.OpenPeer();
        _plan = new LaunchPlan();
        _plan.Add("start", "a session", Syscall.SetSid);
        _plan.AddStandardStreams(peer, peer, peer);
        _plan.Add("take", "the controlling terminal", Syscall.IoCtl, 0, Terminal.TakeAsControlling, 0);
        _plan.AddFreshSignals();
        _plan.AddExecuteFirst([("/bin/sh", ["sh", "-c", script])], ["PATH=/usr/bin:/bin"]);
        _shell = Launcher.Start(_plan, CloneFlags.None);
        _shell.AwaitExec();
    }

    private Task<RelayEnd> Run(
        bool session, EscapeFilter? escape = null, FileDescriptor? input = null, FileDescriptor? output = null, Action<TerminalRelay>? made = null)
    {
        var relay = new TerminalRelay(input ?? _userSide, output ?? _userSide, _session.Master)
        {
            Session = session ? _shell!.PidFd.Descriptor : null,
            Escape = escape,
        };
        made?.Invoke(relay);
        return Task.Factory.StartNew(relay.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Type(string text) => Files.WriteAll(_user.Master, Encoding.Latin1.GetBytes(text), "user");

    private TerminalSettings UserSettings()
    {
        Assert.Equal(Errno.None, Terminal.TryGetSettings(_userSide, out var settings));
        return settings;
    }

    private void WaitFor(string text)
    {
        var patience = Environment.TickCount64 + 60_000;
        while (!_shown.ToString().Contains(text, StringComparison.Ordinal))
        {
            Assert.True(Environment.TickCount64 < patience, $"\"{text}\" never came; what came: {_shown}");
            ReadShown(wait: true);
        }
    }

    private unsafe void ReadShown(bool wait = false)
    {
        var buffer = new byte[65536];
        var entry = new PollEntry { Descriptor = _user.Master.Number, Events = PollEntry.Input };
        var timeout = new TimeSpec { Nanoseconds = wait ? 50_000_000 : 0 };
        while (Kernel.Call(Syscall.Ppoll, (nint)(&entry), 1, (nint)(&timeout), 0, SignalMask.KernelSetSize) > 0)
        {
            var got = Files.TryRead(_user.Master, buffer);
            if (got <= 0)
                return;
            _shown.Append(Encoding.Latin1.GetString(buffer, 0, (int)got));
            timeout = default;
        }
    }

    private static void Signal(int signal) => Kernel.Check(Kernel.Call(Syscall.Kill, Environment.ProcessId, signal), "signal", "this process");
}
