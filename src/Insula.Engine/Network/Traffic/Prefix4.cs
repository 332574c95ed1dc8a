using System.Runtime.InteropServices;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network.Traffic;

/// <summary>An IPv6 address in network byte order.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct Address6(ulong High, ulong Low)
{
    public static Address6 Of(IpAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.CopyTo(bytes);
        return MemoryMarshal.Read<Address6>(bytes);
    }
}

/// <summary>An IPv4 network as a key of a trie.</summary>
/// <param name="Length">How many bits count.</param>
/// <param name="Network">The address in network byte order.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Prefix4(uint Length, uint Network);

/// <summary>An IPv6 network as a key of a trie.</summary>
/// <param name="Length">How many bits count.</param>
/// <param name="Network">The address in network byte order.</param>
[StructLayout(LayoutKind.Sequential, Pack = sizeof(uint))]
internal readonly record struct Prefix6(uint Length, Address6 Network);
