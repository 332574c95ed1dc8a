using System.Runtime.InteropServices;

namespace Insula.Engine.Network.Traffic;

/// <summary>That a container is counted.</summary>
/// <param name="Epoch">A number that no two countings have: what was kept of another one is not in the counters.</param>
/// <param name="LinkFlags">The flags of its links, see <see cref="TrafficLink"/>.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TrafficAccount(ulong Epoch, ulong LinkFlags);
