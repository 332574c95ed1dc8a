using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>A point of a plan that the parent waits for.</summary>
public sealed class LaunchSignal : IDisposable
{
    internal LaunchSignal() => (Reader, Writer) = Files.Pipe();

    internal FileDescriptor Reader { get; }

    internal FileDescriptor Writer { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }
}
