using System.Runtime.InteropServices;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Terminals;

/// <summary>Why a relay ended.</summary>
public enum RelayEnd
{
    /// <summary>The session's process ended, or nobody holds the other side of its terminal any more.</summary>
    SessionEnded,

    /// <summary>The user detached with an escape sequence.</summary>
    Detached,

    /// <summary>A signal asked this process to end: <see cref="TerminalRelay.Signal"/>.</summary>
    Signalled,

    /// <summary>The user's terminal is gone, or nobody reads the output.</summary>
    UserGone,
}

/// <summary>
/// Copies between the user (a terminal, or pipes) and a session's pseudo-terminal until one of them ends. The user's terminal is in
/// raw mode meanwhile, and changes of its window's size are passed on. What a container writes goes to the user's terminal as it is,
/// but the container never holds a descriptor of that terminal, so it cannot type into it.
/// </summary>
/// <param name="input">What the user types; a terminal, pipe or file.</param>
/// <param name="output">Where the user reads.</param>
/// <param name="master">The master of the session's pseudo-terminal.</param>
public sealed class TerminalRelay(FileDescriptor input, FileDescriptor output, FileDescriptor master)
{
    private const int F_GETFL = 3, F_SETFL = 4;
    private const int EscapeWaitMilliseconds = 1000;
    private const int ReopenWaitMilliseconds = 100;

    /// <summary>What is still copied after the session's end: as much as a pseudo-terminal holds, not what others go on writing.</summary>
    private const int LongestFarewell = 128 * 1024;

    private readonly RelayBuffer _toSession = new();
    private readonly RelayBuffer _toUser = new();
    private readonly byte[] _typed = new byte[RelayBuffer.Chunk];
    private bool _inputIsTerminal;
    private bool _inputEnded;
    private bool _sessionEnded;
    private bool _masterSilent;
    private int _farewell;
    private RelayEnd? _end;

    /// <summary>
    /// The pidfd of the session's process: its end ends the relay, though processes it left behind may hold the terminal. Without it
    /// the relay ends when the terminal's other side is closed.
    /// </summary>
    public FileDescriptor? Session { get; init; }

    /// <summary>Escape sequences of the user's; none without it.</summary>
    public EscapeFilter? Escape { get; init; }

    /// <summary>The signal that ended the relay, or 0.</summary>
    public int Signal { get; private set; }

    /// <summary>Copies until one side ends. The user's terminal is as before on return, also by an exception.</summary>
    /// <exception cref="LinuxException">poll(2) or the session's terminal failed.</exception>
    public RelayEnd Run()
    {
        using var wake = new WakePipe();
        var resized = 1;
        using var resize = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ =>
        {
            Volatile.Write(ref resized, 1);
            wake.Wake();
        });
        _inputIsTerminal = Terminal.IsTerminal(input);
        using var raw = new RawMode(input, wake.Wake);
        // Only the master is made non-blocking: the user's descriptors are shared with the shell that started this program.
        var flags = Kernel.Check(Kernel.Call(Syscall.FCntl, master.Number, F_GETFL), "look at", "the session's terminal");
        Kernel.Check(Kernel.Call(Syscall.FCntl, master.Number, F_SETFL, (nint)(flags | (long)OpenFlags.NonBlocking)), "set up", "the session's terminal");
        try
        {
            while (_end == null)
            {
                if (Interlocked.Exchange(ref resized, 0) != 0)
                    PassWindowSize();
                Step(wake);
                if (raw.Signalled != 0)
                    _end = RelayEnd.Signalled;
            }
            Signal = raw.Signalled;
            return _end.Value;
        }
        finally
        {
            Kernel.Call(Syscall.FCntl, master.Number, F_SETFL, (nint)flags);
        }
    }

    private void PassWindowSize()
    {
        if (Terminal.TryGetWindowSize(input, out var size) == Errno.None || Terminal.TryGetWindowSize(output, out size) == Errno.None)
            Terminal.TrySetWindowSize(master, size);
    }

    /// <summary>Waits until something can be done and does it.</summary>
    private void Step(WakePipe wake)
    {
        const int woken = 0, typed = 1, session = 2, shown = 3, ended = 4;
        Span<PollEntry> polls = stackalloc PollEntry[5];
        polls[woken] = Watch(wake.Descriptor, PollEntry.Input);
        polls[typed] = Watch(input, !_inputEnded && _toSession.IsEmpty ? PollEntry.Input : default);
        polls[session] = Watch(master, MasterEvents());
        polls[shown] = Watch(output, _toUser.IsEmpty ? default : PollEntry.Output);
        polls[ended] = Watch(Session, _sessionEnded ? default : PollEntry.Input);
        var ready = Poll(polls);
        if (ready == 0)
            OnTimeout();
        if (polls[woken].Returned != 0)
            wake.Drain();
        if (polls[ended].Returned != 0)
            _sessionEnded = true;
        if (polls[shown].Returned != 0 && _toUser.WriteTo(output) is not (Errno.None or Errno.EAGAIN))
            _end = RelayEnd.UserGone;
        if (polls[typed].Returned != 0)
            ReadUser();
        if (!_toSession.IsEmpty && polls[session].Returned != 0)
            WriteSession();
        if (_toUser.IsEmpty && (polls[session].Returned != 0 || _sessionEnded))
            ReadSession();
    }

    private short MasterEvents()
    {
        if (_masterSilent)
            return 0;
        return (short)((_toUser.IsEmpty ? PollEntry.Input : 0) | (_toSession.IsEmpty ? 0 : PollEntry.Output));
    }

    /// <summary>An entry that poll(2) passes over when there is nothing to wait for: even without events it would report a hang-up.</summary>
    private static PollEntry Watch(FileDescriptor? descriptor, short events)
        => new() { Descriptor = descriptor == null || events == 0 ? -1 : descriptor.Number, Events = events };

    private unsafe int Poll(Span<PollEntry> polls)
    {
        var milliseconds = _sessionEnded && _toUser.IsEmpty ? 0
            : _masterSilent ? ReopenWaitMilliseconds
            : Escape is { IsHolding: true } ? EscapeWaitMilliseconds : -1;
        var wait = new TimeSpec { Seconds = milliseconds / 1000, Nanoseconds = milliseconds % 1000 * 1_000_000 };
        fixed (PollEntry* entries = polls)
        {
            var result = Kernel.CallOnce(
                Syscall.Ppoll, (nint)entries, polls.Length, milliseconds < 0 ? 0 : (nint)(&wait), 0, SignalMask.KernelSetSize);
            if (Kernel.ErrnoOf(result) != Errno.EINTR)
                return (int)Kernel.Check(result, "wait for", "the terminal");
            polls.Clear();
            return -1;
        }
    }

    private void OnTimeout()
    {
        if (_masterSilent)
            _masterSilent = false;
        else if (Escape is { IsHolding: true } && _toSession.IsEmpty)
            _toSession.Add(Escape.Release());
    }

    private void ReadUser()
    {
        var got = Files.TryRead(input, _typed);
        if (got > 0)
        {
            Pass(_typed.AsSpan(0, (int)got));
            return;
        }
        if (Kernel.ErrnoOf(got) == Errno.EAGAIN)
            return;
        _inputEnded = true;
        // In raw mode no typed character ends the input: a terminal that ends is hung up, and then no longer says that it is one.
        if (got < 0 || _inputIsTerminal)
            _end = RelayEnd.UserGone;
        else
            EndInput();
    }

    private void Pass(ReadOnlySpan<byte> typed)
    {
        if (Escape == null)
        {
            typed.CopyTo(_toSession.Free);
            _toSession.Filled(typed.Length);
            return;
        }
        var detaches = Escape.Pass(typed, _toSession.Free, out var length);
        _toSession.Filled(length);
        if (detaches)
            _end = RelayEnd.Detached;
    }

    /// <summary>
    /// A pipe ended. A terminal cannot be closed for one direction only; in line mode its end-of-input character says the same, and
    /// must come twice when a line is unfinished, since the first only sends that line.
    /// </summary>
    private void EndInput()
    {
        if (Escape is { IsHolding: true })
            _toSession.Add(Escape.Release());
        if (Terminal.TryGetSettings(master, out var settings) != Errno.None || !settings.IsLineMode)
            return;
        if (_toSession.Last is not ((byte)'\n' or 0))
            _toSession.Add(settings.EndOfInput);
        _toSession.Add(settings.EndOfInput);
    }

    private void WriteSession()
    {
        // EIO: nobody has the other side open now; what was typed is lost, as on a line that is hung up.
        if (_toSession.WriteTo(master) is not (Errno.None or Errno.EAGAIN))
            _toSession.Clear();
    }

    private void ReadSession()
    {
        var got = Files.TryRead(master, _toUser.Free[..RelayBuffer.Chunk]);
        if (got > 0)
        {
            _toUser.Filled((int)got);
            _farewell += _sessionEnded ? (int)got : 0;
            if (_farewell > LongestFarewell)
                _end = RelayEnd.SessionEnded;
            return;
        }
        var error = Kernel.ErrnoOf(got);
        if (_sessionEnded)
            _end = RelayEnd.SessionEnded;
        else if (error is Errno.EAGAIN)
            return;
        else if (error is not (Errno.EIO or Errno.None))
            throw new LinuxException("read from", "the session's terminal", error);
        // Nobody has the other side open. A session that still runs may open it again.
        else if (Session != null)
            _masterSilent = true;
        else
            _end = RelayEnd.SessionEnded;
    }
}
