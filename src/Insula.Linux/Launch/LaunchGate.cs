using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>A point of a plan where the child waits for its parent.</summary>
public sealed class LaunchGate : IDisposable
{
    internal LaunchGate() => (Reader, Writer) = Files.Pipe();

    internal FileDescriptor Reader { get; }

    internal FileDescriptor Writer { get; }

    /// <summary>Lets the child go on.</summary>
    public void Open() => Files.WriteAll(Writer, "g"u8, "launch gate");

    /// <inheritdoc/>
    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }
}
