using Insula.Linux.Bpf;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>A program that serves all containers of the host.</summary>
/// <param name="Name">Its own name, up to 15 characters.</param>
/// <param name="AttachType">How it is attached.</param>
/// <param name="Target">To which function or tracepoint of the kernel.</param>
/// <param name="Instructions">What it does.</param>
internal sealed record HostProgram(string Name, BpfAttachType AttachType, string Target, BpfInstruction[] Instructions)
{
    /// <summary>Where its functions begin that a helper calls back, the program itself as the first; empty without any.</summary>
    public IReadOnlyList<int> Functions { get; init; } = [];
}
