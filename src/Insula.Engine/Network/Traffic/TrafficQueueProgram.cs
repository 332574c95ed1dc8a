using Insula.Linux.Bpf;
using static Insula.Linux.Bpf.BpfRegister;

namespace Insula.Engine.Network.Traffic;

/// <summary>The program behind the queue: sends a packet that has waited back to the link that its mark names, the way that it was going.</summary>
internal static class TrafficQueueProgram
{
    /// <summary>Marks of packets that have waited: the index of their link, and the direction above it.</summary>
    public const int MarkOut = unchecked((int)0x8000_0000), MarkIn = unchecked((int)0xC000_0000);

    private const int InBit = 0x4000_0000, IndexMask = 0x3FFF_FFFF;

    // struct __sk_buff; linux/pkt_cls.h; BPF_F_INGRESS
    private const int Mark = 8, Drop = 2, Arriving = 1;

    /// <summary>Writes it.</summary>
    public static BpfInstruction[] Write()
    {
        var code = new BpfAssembler();
        var isIn = code.NewLabel();
        var isOurs = code.NewLabel();
        code.LoadWord(R3, R1, Mark);
        code.Move(R4, R3);
        code.ShiftRight(R4, 31);
        code.JumpIfNotEqual(R4, 0, isOurs);
        // Nobody else sends by this link.
        code.Return(Drop);
        code.Place(isOurs);
        code.Move(R1, R3);
        code.And(R1, IndexMask);
        code.Move(R2, Arriving);
        code.And(R3, InBit);
        code.JumpIfEqual(R3, 0, isIn);
        code.Move(R2, 0);
        code.Place(isIn);
        code.Call(BpfHelper.Redirect);
        code.Exit();
        return code.Assemble();
    }
}
