using System.Runtime.InteropServices;

namespace Insula.Linux.Processes;

/// <summary>struct rlimit64 of prlimit(2): what is enforced, and up to where a process may raise that itself.</summary>
/// <param name="Soft">What is enforced.</param>
/// <param name="Hard">The ceiling.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct LimitPair(ulong Soft, ulong Hard)
{
    /// <summary>RLIM64_INFINITY.</summary>
    public const ulong Infinity = ulong.MaxValue;

    /// <summary>As system calls take it.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[16];
        BitConverter.TryWriteBytes(bytes, Soft);
        BitConverter.TryWriteBytes(bytes.AsSpan(8), Hard);
        return bytes;
    }
}
