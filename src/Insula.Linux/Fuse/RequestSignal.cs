using Insula.Linux.Polling;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Fuse;

/// <summary>Where the server's threads wait: each thing that happens wakes one of them.</summary>
internal sealed unsafe class RequestSignal : IDisposable
{
    // Told once for each time it becomes readable: whoever is woken reads until there is nothing left.
    private const PollEvents EdgeTriggered = (PollEvents)(1u << 31);

    private readonly PollSet _set = new();
    private readonly Wakeup _another = new();

    /// <param name="connection">Readable when there are requests, and when the file system is gone.</param>
    public RequestSignal(FileDescriptor connection)
    {
        _set.Add(connection, PollEvents.Input | EdgeTriggered);
        _set.Add(_another.Descriptor, PollEvents.Input | EdgeTriggered);
    }

    /// <summary>Waits for requests, or to be woken.</summary>
    public void Wait() => _set.WaitForAny();

    /// <summary>Wakes one more.</summary>
    public void WakeOne() => _another.Raise();

    /// <inheritdoc/>
    public void Dispose()
    {
        _set.Dispose();
        _another.Dispose();
    }
}
