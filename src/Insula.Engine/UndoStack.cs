namespace Insula.Engine;

/// <summary>
/// What an operation has changed on the host so far, as the steps that take it back. Disposing it without
/// <see cref="Commit"/> runs them, last first. A step that fails does not keep the others from running; what went wrong
/// is reported, never thrown, so that the first error is the one the user sees.
/// </summary>
/// <param name="report">Where a failing undo step is told of.</param>
/// <param name="onPush">Called after each step that is added; where a test makes the operation fail. Null: nothing.</param>
public sealed class UndoStack(Action<string> report, Action<string>? onPush = null) : IDisposable
{
    private readonly Stack<(string What, Action Undo)> _steps = new();

    /// <summary>Adds a step.</summary>
    /// <param name="what">What the step does, for the report: "unmount /vz/root/101".</param>
    /// <param name="undo">Takes the change back; must be safe to call once.</param>
    public void Push(string what, Action undo)
    {
        _steps.Push((what, undo));
        onPush?.Invoke(what);
    }

    /// <summary>The operation succeeded: nothing is to be taken back.</summary>
    public void Commit() => _steps.Clear();

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_steps.TryPop(out var step))
        {
            try
            {
                step.Undo();
            }
#pragma warning disable CA1031 // every further step must run, and the error that started the undo must reach the user
            catch (Exception error)
#pragma warning restore CA1031
            {
                report($"could not {step.What}: {error.Message}");
            }
        }
    }
}
