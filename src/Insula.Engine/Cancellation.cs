namespace Insula.Engine;

/// <summary>
/// The user's wish to end an operation (SIGINT, SIGTERM). The operation asks for it between its steps; what it has done so far is taken
/// back by its <see cref="UndoStack"/> as after any other error.
/// </summary>
public sealed class Cancellation
{
    private volatile bool _requested;

    /// <summary>True once the user wants to end.</summary>
    public bool IsRequested => _requested;

    /// <summary>Called from a signal handler's thread.</summary>
    public void Request() => _requested = true;

    /// <summary>Ends the operation here if the user wants to.</summary>
    /// <exception cref="OperationCanceledException">The user does.</exception>
    public void ThrowIfRequested()
    {
        if (_requested)
            throw new OperationCanceledException();
    }
}
