using System.Runtime.InteropServices;

namespace Insula.Linux.Processes.Seccomp;

/// <summary>struct sock_filter of linux/filter.h: one instruction of classic BPF.</summary>
/// <param name="Code">Class, size, mode and operation.</param>
/// <param name="WhenTrue">How many instructions a jump skips when its condition holds.</param>
/// <param name="WhenFalse">How many it skips when not.</param>
/// <param name="K">The operand.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct SockFilter(ushort Code, byte WhenTrue, byte WhenFalse, uint K)
{
    /// <summary>BPF_LD | BPF_W | BPF_ABS: accumulator = the 32-bit word of seccomp_data at offset K.</summary>
    internal const ushort Load = 0x20;

    /// <summary>BPF_JMP | BPF_JA: skip K instructions.</summary>
    internal const ushort Jump = 0x05;

    /// <summary>BPF_JMP | BPF_JEQ | BPF_K.</summary>
    internal const ushort JumpIfEqual = 0x15;

    /// <summary>BPF_JMP | BPF_JGE | BPF_K, unsigned.</summary>
    internal const ushort JumpIfAtLeast = 0x35;

    /// <summary>BPF_ALU | BPF_AND | BPF_K.</summary>
    internal const ushort And = 0x54;

    /// <summary>BPF_RET | BPF_K: the filter's answer is K.</summary>
    internal const ushort Return = 0x06;
}

/// <summary>struct sock_fprog of linux/filter.h, what seccomp(2) takes: the program's length in instructions and where it is.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SockFilterProgram
{
    /// <summary>Instructions, at most 4096 (BPF_MAXINSNS).</summary>
    public ushort Length;

    /// <summary>Address of the first <see cref="SockFilter"/>.</summary>
    public nint Filter;
}
