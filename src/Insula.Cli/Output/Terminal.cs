using Insula.Linux.Syscalls;

namespace Insula.Cli.Output;

/// <summary>What a program asks of the terminal it may be connected to.</summary>
internal static unsafe class Terminal
{
    private const nint TCGETS = 0x5401; // asm-generic/ioctls.h, the same on x86-64 and arm64
    private const int LargestTermios = 256;

    /// <summary>True if a descriptor is a terminal.</summary>
    public static bool IsTerminal(int descriptor)
    {
        var buffer = stackalloc byte[LargestTermios];
        return Kernel.Call(Syscall.IoCtl, descriptor, TCGETS, (nint)buffer) >= 0;
    }
}
