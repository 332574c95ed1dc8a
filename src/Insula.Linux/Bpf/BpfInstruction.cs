using System.Runtime.InteropServices;

namespace Insula.Linux.Bpf;

/// <summary>The registers of the BPF machine: R0 is the result, R1 to R5 are arguments, R6 to R9 survive calls, R10 is the frame.</summary>
public enum BpfRegister : byte
{
    R0,
    R1,
    R2,
    R3,
    R4,
    R5,
    R6,
    R7,
    R8,
    R9,
    R10,
}

/// <summary>struct bpf_insn of linux/bpf.h, 8 bytes (Documentation/bpf/standardization/instruction-set.rst).</summary>
/// <param name="Opcode">Class in the lowest three bits, then source, then operation.</param>
/// <param name="Registers">Destination in the lower, source in the upper four bits.</param>
/// <param name="Offset">Of a jump, in instructions behind the next; of a load or store, in bytes.</param>
/// <param name="Immediate">A constant operand.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct BpfInstruction(byte Opcode, byte Registers, short Offset, int Immediate)
{
    /// <summary>Packs the two registers as a little-endian machine has them.</summary>
    internal static BpfInstruction Of(int opcode, BpfRegister destination, BpfRegister source, int offset, int immediate)
        => new((byte)opcode, (byte)((int)destination | ((int)source << 4)), checked((short)offset), immediate);
}
