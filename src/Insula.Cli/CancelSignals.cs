using System.Runtime.InteropServices;
using Insula.Engine;

namespace Insula.Cli;

/// <summary>
/// While it lives, SIGINT, SIGTERM and SIGHUP end an operation between two of its steps, taking back what it did, instead of the
/// process where it stands. It costs a thread, so only commands that may take long have it.
/// </summary>
internal sealed class CancelSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly IReporter _reporter;
    private readonly PosixSignalRegistration[] _registrations;

    /// <param name="reporter">Where "Cancelling..." is said.</param>
    public CancelSignals(IReporter reporter)
    {
        _reporter = reporter;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
        ];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (_source.IsCancellationRequested)
            return;
        _reporter.Error("Cancelling...");
        _source.Cancel();
    }
}
