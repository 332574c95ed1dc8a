using Insula.Linux.Processes;

namespace Insula.Engine.Beancounters;

/// <summary>What tells of all containers at once and is therefore read once.</summary>
internal sealed class HostSnapshot
{
    private Dictionary<int, int>? _locks;

    /// <summary>Locks by process.</summary>
    public Dictionary<int, int> FileLocks => _locks ??= Insula.Linux.Processes.FileLocks.Read();
}
