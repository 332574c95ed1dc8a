using Insula.Engine.Containers;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Watching;

/// <summary>What the API socket answers by asking the rest of the daemon.</summary>
/// <param name="Status">Writes the answer to a request for the status.</param>
/// <param name="Take">Takes the listener of a system call filter of a container; throws if it cannot be kept.</param>
internal sealed record ApiAnswers(Func<byte[]> Status, Action<Ctid, FileDescriptor> Take);
