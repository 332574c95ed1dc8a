using Insula.Linux.Processes;

namespace Insula.Engine.ProcFs;

/// <summary>A container that ran when it was last looked at. Its init is held by descriptor, so that one system call tells whether it still does.</summary>
/// <param name="init">Its init; this object owns it.</param>
/// <param name="view">What is known of it.</param>
internal sealed class RunningContainer(PidFd init, ContainerView view)
{
    private readonly Lock _lock = new();
    private bool _ended;

    /// <summary>What is known of it.</summary>
    public ContainerView View => view;

    /// <summary>True while its init runs. The descriptor is closed when it has ended.</summary>
    public bool Runs()
    {
        lock (_lock)
        {
            if (_ended)
                return false;
            if (!init.HasEnded)
                return true;
            _ended = true;
            init.Dispose();
            return false;
        }
    }
}
