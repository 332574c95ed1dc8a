using Insula.Linux.Processes;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Isolation;

/// <summary>How a further program comes to run in a container that is running.</summary>
public sealed record JoinSettings
{
    /// <summary>The container's init.</summary>
    public required PidFd Init { get; init; }

    /// <summary>As for the container's init.</summary>
    public required CapabilitySet Capabilities { get; init; }

    /// <summary>As for the container's init.</summary>
    public required int LastCapability { get; init; }

    /// <summary>As for the container's init.</summary>
    public required SeccompProgram SystemCallFilter { get; init; }

    /// <summary>True if the filter asks: it gets a listener, which the host takes before the program runs.</summary>
    public bool HasListener { get; init; }

    /// <summary>As for the container's init.</summary>
    public required IReadOnlyList<(ProcessLimit Limit, LimitPair Pair)> Limits { get; init; }

    /// <summary>The programs to try, with their arguments.</summary>
    public required IReadOnlyList<(string Path, IReadOnlyList<string> Arguments)> Programs { get; init; }

    /// <summary>The whole environment.</summary>
    public required IReadOnlyList<string> Environment { get; init; }

    /// <summary>Standard streams; null: those of this process.</summary>
    public (FileDescriptor Input, FileDescriptor Output, FileDescriptor Error)? Streams { get; init; }

    /// <summary>True if the container has a time namespace.</summary>
    public bool TimeNamespace { get; init; }

    /// <summary>True to start a session with the input as its controlling terminal.</summary>
    public bool ControllingTerminal { get; init; }
}
