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
    public void Loads_and_stores_are_encoded_as_the_assembler_of_LLVM_does()
    {
        Assert.Equal("7921100000000000", Bytes(program => program.Load(BpfRegister.R1, BpfRegister.R2, 16))); // r1 = *(u64 *)(r2 + 16)
        Assert.Equal("7121010000000000", Bytes(program => program.Load(BpfSize.Byte, BpfRegister.R1, BpfRegister.R2, 1))); // r1 = *(u8 *)(r2 + 1)
        Assert.Equal("6921feff00000000", Bytes(program => program.Load(BpfSize.Half, BpfRegister.R1, BpfRegister.R2, -2))); // r1 = *(u16 *)(r2 - 2)
        Assert.Equal("7b1af8ff00000000", Bytes(program => program.Store(BpfRegister.R10, -8, BpfRegister.R1))); // *(u64 *)(r10 - 8) = r1
        Assert.Equal("631afcff00000000", Bytes(program => program.Store(BpfSize.Word, BpfRegister.R10, -4, BpfRegister.R1))); // *(u32 *)(r10 - 4) = r1
        Assert.Equal("620afcff07000000", Bytes(program => program.Store(BpfSize.Word, BpfRegister.R10, -4, 7))); // *(u32 *)(r10 - 4) = 7
        Assert.Equal("7a0af0ff00000000", Bytes(program => program.Store(BpfSize.Double, BpfRegister.R10, -16, 0))); // *(u64 *)(r10 - 16) = 0
        Assert.Equal(
            "18030000efcdab890000000067452301", Bytes(program => program.MoveWide(BpfRegister.R3, 0x0123456789ABCDEF))); // r3 = 81985529216486895 ll
    }

    [Fact]
    public void Arithmetic_is_encoded_as_the_assembler_of_LLVM_does()
    {
        Assert.Equal("bf21000000000000", Bytes(program => program.Move(BpfRegister.R1, BpfRegister.R2))); // r1 = r2
        Assert.Equal("b7010000ffffffff", Bytes(program => program.Move(BpfRegister.R1, -1))); // r1 = -1
        Assert.Equal("0f21000000000000", Bytes(program => program.Add(BpfRegister.R1, BpfRegister.R2))); // r1 += r2
        Assert.Equal("07010000f8ffffff", Bytes(program => program.Add(BpfRegister.R1, -8))); // r1 += -8
        Assert.Equal("1f21000000000000", Bytes(program => program.Subtract(BpfRegister.R1, BpfRegister.R2))); // r1 -= r2
        Assert.Equal("5701000001000000", Bytes(program => program.And(BpfRegister.R1, 1))); // r1 &= 1
        Assert.Equal("7701000020000000", Bytes(program => program.ShiftRight(BpfRegister.R1, 32))); // r1 >>= 32
        Assert.Equal("db26280000000000", Bytes(program => program.AtomicAdd(BpfRegister.R6, 40, BpfRegister.R2))); // lock *(u64 *)(r6 + 40) += r2
    }

    // Documentation/bpf/standardization/instruction-set.rst: BPF_ATOMIC | BPF_DW | BPF_STX is 0xdb; ADD 0x00, XCHG 0xe0, CMPXCHG 0xf0, FETCH 0x01.
    [Fact]
    public void Atomic_operations_that_fetch_say_so_in_the_immediate()
    {
        Assert.Equal("db26280001000000", Bytes(program => program.AtomicFetchAdd(BpfRegister.R6, 40, BpfRegister.R2)));
        Assert.Equal("db260000e1000000", Bytes(program => program.AtomicExchange(BpfRegister.R6, 0, BpfRegister.R2)));
        Assert.Equal("db262800f1000000", Bytes(program => program.AtomicCompareExchange(BpfRegister.R6, 40, BpfRegister.R2)));
    }

    // The source register's place says what the constant is: BPF_PSEUDO_MAP_FD 1, BPF_PSEUDO_MAP_VALUE 2, BPF_PSEUDO_FUNC 4, in a call BPF_PSEUDO_CALL 1.
    [Fact]
    public void Maps_and_functions_are_constants_of_a_kind_of_their_own()
    {
        Assert.Equal("18110000070000000000000000000000", Bytes(program => program.LoadMap(BpfRegister.R1, 7)));
        Assert.Equal("18240000070000000000000008000000", Bytes(program => program.LoadMapValue(BpfRegister.R4, 7, 8)));
        var bytes = Bytes(program =>
        {
            var function = program.NewLabel();
            program.LoadFunction(BpfRegister.R2, function); // two instructions on from the first: a return
            program.Call(function);
            program.Exit();
            program.Place(function);
            program.Exit();
        });
        Assert.Equal("18420000030000000000000000000000" + "8510000001000000" + "9500000000000000" + "9500000000000000", bytes);
        Assert.Equal("850000009e000000", Bytes(program => program.Call(BpfHelper.CurrentTask))); // call 158
    }

    [Fact]
    public void Comparisons_are_encoded_as_the_assembler_of_LLVM_does()
    {
        static string Jump(Action<BpfAssembler, BpfLabel> jump) => Bytes(program =>
        {
            var label = program.NewLabel();
            jump(program, label);
            program.Exit();
            program.Place(label);
        })[..16];

        Assert.Equal("2501010005000000", Jump((program, to) => program.JumpIf(BpfRegister.R1, BpfCondition.Greater, 5, to))); // if r1 > 5 goto +1
        Assert.Equal("6d21010000000000", Jump((program, to) => program.JumpIf(BpfRegister.R1, BpfCondition.SignedGreater, BpfRegister.R2, to))); // if r1 s> r2
        Assert.Equal("3d21010000000000", Jump((program, to) => program.JumpIf(BpfRegister.R1, BpfCondition.GreaterOrEqual, BpfRegister.R2, to))); // if r1 >= r2
        Assert.Equal("a501010005000000", Jump((program, to) => program.JumpIf(BpfRegister.R1, BpfCondition.Less, 5, to))); // if r1 < 5
        Assert.Equal("d5010100ffffffff", Jump((program, to) => program.JumpIf(BpfRegister.R1, BpfCondition.SignedLessOrEqual, -1, to))); // if r1 s<= -1
        Assert.Equal("4501010002000000", Jump((program, to) => program.JumpIf(BpfRegister.R1, BpfCondition.AnyBit, 2, to))); // BPF_JSET
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
}
