using System.Runtime.InteropServices;

namespace Insula.Engine.Network.Traffic;

/// <summary>What all programs have in common.</summary>
/// <param name="HasClasses4">Not 0 if the trie of IPv4 networks has anything.</param>
/// <param name="HasClasses6">The same for IPv6.</param>
/// <param name="Queue">The index of the link in which packets wait that are above their rate; 0: there is none.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TrafficState(uint HasClasses4, uint HasClasses6, uint Queue)
{
    public const int Classes4Offset = 0, Classes6Offset = 4, QueueOffset = 8;
}
