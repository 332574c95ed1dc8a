using System.Text;
using Insula.Linux.Launch;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;
using Insula.Linux.Terminals;

namespace Insula.System.Tests.Commands;

/// <summary>A command of the native binary on a terminal of its own, as somebody at a keyboard has it: the leader of a session which it controls.</summary>
internal sealed class TerminalSession : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly PseudoTerminal _terminal = PseudoTerminal.OpenHost();
    private readonly LaunchedProcess _process;
    private readonly StringBuilder _shown = new();
    private readonly Thread _reader;

    public TerminalSession(CommandHost host, params string[] arguments)
    {
        Resize(24, 80);
        using (var peer = _terminal.OpenPeer())
        using (var plan = new LaunchPlan())
        {
            plan.AddStandardStreams(peer, peer, peer);
            plan.Add("start", "a session", Syscall.SetSid);
            plan.Add("take", "the controlling terminal", Syscall.IoCtl, 0, Terminal.TakeAsControlling, 0);
            plan.AddCloseOnExecFrom(3);
            plan.AddFreshSignals();
            plan.AddExecuteFirst(
                [(host.Binary, ["vzctl", .. arguments])], ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm", $"INSULA_CONFIG_DIR={host.Base}/etc"]);
            _process = Launcher.Start(plan, CloneFlags.None);
            _process.AwaitExec();
        }
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    /// <summary>Everything that was shown.</summary>
    public string Shown
    {
        get
        {
            lock (_shown)
                return _shown.ToString();
        }
    }

    public void Type(string text) => Files.WriteAll(_terminal.Master, Encoding.UTF8.GetBytes(text), "the terminal");

    /// <summary>Types, and waits until something is shown that was not before. What is typed is shown too: wait for what only the answer can be.</summary>
    public void Type(string text, string answer)
    {
        var from = Shown.Length;
        Type(text);
        Await(() => Shown.IndexOf(answer, from, StringComparison.Ordinal) >= 0, $"{answer} after {text}");
    }

    /// <summary>As somebody who drags the window does: the kernel tells whoever is in the foreground of this terminal.</summary>
    public void Resize(ushort rows, ushort columns)
        => Assert.Equal(Errno.None, Terminal.TrySetWindowSize(_terminal.Master, new WindowSize(rows, columns)));

    /// <summary>How the terminal is set now.</summary>
    public TerminalSettings Settings
    {
        get
        {
            Assert.Equal(Errno.None, Terminal.TryGetSettings(_terminal.Master, out var settings));
            return settings;
        }
    }

    public void Await(Func<bool> condition, string what)
        => Assert.True(SpinWait.SpinUntil(() => condition() || Pause(), Patience), $"did not see {what} but: {Shown}");

    /// <summary>The exit code.</summary>
    public int End()
    {
        Assert.True(_process.PidFd.WaitEnd(Patience), $"it does not end: {Shown}");
        var status = _process.PidFd.Wait();
        _reader.Join();
        return status.ShellCode;
    }

    public void Dispose()
    {
        if (!_process.PidFd.HasEnded)
            _process.KillAndReap();
        _process.Dispose();
        _reader.Join();
        _terminal.Dispose();
    }

    private static bool Pause()
    {
        Thread.Sleep(20);
        return false;
    }

    // EIO: nobody has the other side any more.
    private void Read()
    {
        var buffer = new byte[4096];
        while (Files.TryRead(_terminal.Master, buffer) is > 0 and var length)
        {
            lock (_shown)
                _shown.Append(Encoding.UTF8.GetString(buffer, 0, (int)length));
        }
    }
}
