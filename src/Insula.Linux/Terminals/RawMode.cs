using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Terminals;

/// <summary>
/// A terminal in raw mode until disposed. It is given back as it was in every case: an exception disposes this object, and of the
/// signals that end a process the first is kept for <see cref="Signalled"/> after the terminal is restored. A descriptor that is no
/// terminal is left alone.
/// </summary>
public sealed class RawMode : IDisposable
{
    private readonly FileDescriptor _terminal;
    private readonly TerminalSettings _before;
    private readonly bool _isTerminal;
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _restored;
    private int _signal;

    /// <summary>Enters raw mode.</summary>
    /// <param name="terminal">The user's terminal; must stay open.</param>
    /// <param name="onSignal">Called on another thread when a signal asks the process to end.</param>
    public RawMode(FileDescriptor terminal, Action? onSignal = null)
    {
        _terminal = terminal;
        _isTerminal = Terminal.TryGetSettings(terminal, out _before) == Errno.None;
        // First the way back, then the change: a signal in between finds something to restore.
        foreach (var signal in (ReadOnlySpan<PosixSignal>)[PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT])
            _registrations.Add(PosixSignalRegistration.Create(signal, context => OnSignal(context, onSignal)));
        // Whoever stopped and continued this process (a shell, by kill -STOP) has changed the terminal meanwhile.
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Enter()));
        Enter();
    }

    /// <summary>The number of the signal that asked this process to end, or 0. The caller ends with 128 plus it.</summary>
    public int Signalled => Volatile.Read(ref _signal);

    /// <summary>Gives the terminal back as it was. Harmless when done already.</summary>
    public void Restore()
    {
        if (_isTerminal && Interlocked.Exchange(ref _restored, 1) == 0)
            Terminal.TrySetSettings(_terminal, _before);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Restore();
        foreach (var registration in _registrations)
            registration.Dispose();
        _registrations.Clear();
    }

    private void Enter()
    {
        if (_isTerminal && Volatile.Read(ref _restored) == 0)
            Terminal.TrySetSettings(_terminal, _before.ToRaw());
    }

    private void OnSignal(PosixSignalContext context, Action? onSignal)
    {
        Restore();
        // A second signal is not held back: the program may hang in a write that nobody reads.
        if (Interlocked.CompareExchange(ref _signal, Number(context.Signal), 0) != 0)
            return;
        context.Cancel = true;
        onSignal?.Invoke();
    }

    private static int Number(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        PosixSignal.SIGTERM => 15,
        _ => (int)signal,
    };
}
