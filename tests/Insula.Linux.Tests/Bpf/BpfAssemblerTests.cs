using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Insula.Linux.Bpf;

namespace Insula.Linux.Tests.Bpf;

public class BpfAssemblerTests
{
    private static string Bytes(Action<BpfAssembler> write)
    {
        var program = new BpfAssembler();
        write(program);
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes(program.Assemble().AsSpan()));
    }

    // What llvm-mc -triple=bpfel -show-encoding prints for the line in the comment.
    [Fact]
    public void Instructions_are_encoded_as_the_assembler_of_LLVM_does()
    {
        Assert.Equal("6112040000000000", Bytes(program => program.LoadWord(BpfRegister.R2, BpfRegister.R1, 4))); // r2 = *(u32 *)(r1 + 4)
        Assert.Equal("bc23000000000000", Bytes(program => program.Move32(BpfRegister.R3, BpfRegister.R2))); // w3 = w2
        Assert.Equal("b400000001000000", Bytes(program => program.Move32(BpfRegister.R0, 1))); // w0 = 1
        Assert.Equal("54020000ffff0000", Bytes(program => program.And32(BpfRegister.R2, 0xFFFF))); // w2 &= 65535
        Assert.Equal("54060000f9ffffff", Bytes(program => program.And32(BpfRegister.R6, ~6))); // w6 &= -7
        Assert.Equal("7403000010000000", Bytes(program => program.ShiftRight32(BpfRegister.R3, 16))); // w3 >>= 16
        Assert.Equal("9500000000000000", Bytes(program => program.Exit())); // exit
    }

    [Fact]
    public void Jumps_lead_to_where_their_label_is_placed()
    {
        var bytes = Bytes(program =>
        {
            var end = program.NewLabel();
            program.JumpIfNotEqual(BpfRegister.R4, 136, end); // if r4 != 136 goto +3
            program.JumpIfEqual(BpfRegister.R5, -1, end); // if r5 == -1 goto +2
            program.Jump(end); // goto +1
            program.Move32(BpfRegister.R0, 0);
            program.Place(end);
            program.Exit();
        });
        Assert.Equal("5504030088000000" + "15050200ffffffff" + "0500010000000000" + "b400000000000000" + "9500000000000000", bytes);
    }

    [Fact]
    public void A_label_without_a_place_and_one_with_two_are_refused()
    {
        var program = new BpfAssembler();
        var label = program.NewLabel();
        program.Jump(label);
        Assert.Throws<InvalidOperationException>(program.Assemble);
        program.Place(label);
        Assert.Throws<InvalidOperationException>(() => program.Place(label));
    }

    // sizeof and offsetof in linux/bpf.h, as the C compiler gives them.
    [Fact]
    public void Structures_have_the_kernels_layout()
    {
        Assert.Equal(8, Unsafe.SizeOf<BpfInstruction>());
        Assert.Equal(112, Unsafe.SizeOf<BpfLoadAttributes>());
        Assert.Equal(48, (int)Marshal.OffsetOf<BpfLoadAttributes>(nameof(BpfLoadAttributes.ProgramName)));
        Assert.Equal(68, (int)Marshal.OffsetOf<BpfLoadAttributes>(nameof(BpfLoadAttributes.ExpectedAttachType)));
        Assert.Equal(16, (int)Marshal.OffsetOf<BpfAttachAttributes>(nameof(BpfAttachAttributes.ReplacedProgram)));
        Assert.Equal(16, (int)Marshal.OffsetOf<BpfQueryAttributes>(nameof(BpfQueryAttributes.ProgramIds)));
        Assert.Equal(32, (int)Marshal.OffsetOf<BpfQueryAttributes>(nameof(BpfQueryAttributes.ProgramAttachFlags)));
        Assert.Equal(64, (int)Marshal.OffsetOf<BpfProgramInfo>(nameof(BpfProgramInfo.Name)));
        Assert.Equal(8, (int)Marshal.OffsetOf<BpfInfoAttributes>(nameof(BpfInfoAttributes.Info)));
    }
}
