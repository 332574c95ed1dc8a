namespace Insula.Linux.Bpf;

/// <summary>A place in a program that jumps lead to.</summary>
/// <param name="Index">Its number within the program.</param>
public readonly record struct BpfLabel(int Index);

/// <summary>
/// Builds a BPF program instruction by instruction. Jumps name labels, which may be placed later; the kernel's verifier refuses
/// backward jumps that may loop for ever, so the usual label lies ahead. All multi-byte values are the machine's own, little-endian.
/// </summary>
public sealed partial class BpfAssembler
{
    // Classes
    private const int BPF_LD = 0x00;
    private const int BPF_LDX = 0x01;
    private const int BPF_ST = 0x02;
    private const int BPF_STX = 0x03;
    private const int BPF_ALU = 0x04;
    private const int BPF_JMP = 0x05;
    private const int BPF_ALU64 = 0x07;

    // Sources
    private const int BPF_K = 0x00;
    private const int BPF_X = 0x08;

    private const int BPF_JA = 0x00;
    private const int BPF_CALL = 0x80;
    private const int BPF_EXIT = 0x90;
    private const int BPF_PSEUDO_CALL = 1;

    private const int NotPlaced = -1;

    private readonly List<BpfInstruction> _instructions = [];
    private readonly List<int> _labels = [];
    private readonly List<(int Instruction, BpfLabel Label, bool InImmediate)> _jumps = [];

    /// <summary>How many instructions have been written; one with a 64-bit constant counts as two.</summary>
    public int Count => _instructions.Count;

    /// <summary>A label to jump to, to be placed once.</summary>
    public BpfLabel NewLabel()
    {
        _labels.Add(NotPlaced);
        return new BpfLabel(_labels.Count - 1);
    }

    /// <summary>The next instruction is what <paramref name="label"/> means.</summary>
    public void Place(BpfLabel label)
    {
        if (_labels[label.Index] != NotPlaced)
            throw new InvalidOperationException($"label {label.Index} is placed twice");
        _labels[label.Index] = _instructions.Count;
    }

    /// <summary>The number of the instruction that a placed label means: where a function begins, for its type information.</summary>
    public int PlaceOf(BpfLabel label)
        => _labels[label.Index] is var place && place != NotPlaced ? place : throw new InvalidOperationException($"label {label.Index} has no place");

    /// <summary>goto target</summary>
    public void Jump(BpfLabel target) => AddJump(BPF_JMP | BPF_JA, 0, 0, 0, target);

    /// <summary>if (register == value) goto target; all 64 bits, the value sign-extended.</summary>
    public void JumpIfEqual(BpfRegister register, int value, BpfLabel target) => JumpIf(register, BpfCondition.Equal, value, target);

    /// <summary>if (register != value) goto target; all 64 bits, the value sign-extended.</summary>
    public void JumpIfNotEqual(BpfRegister register, int value, BpfLabel target) => JumpIf(register, BpfCondition.NotEqual, value, target);

    /// <summary>if (left condition right) goto target; all 64 bits, the value sign-extended.</summary>
    public void JumpIf(BpfRegister left, BpfCondition condition, int right, BpfLabel target)
        => AddJump(BPF_JMP | (int)condition | BPF_K, left, 0, right, target);

    /// <summary>if (left condition right) goto target; all 64 bits.</summary>
    public void JumpIf(BpfRegister left, BpfCondition condition, BpfRegister right, BpfLabel target)
        => AddJump(BPF_JMP | (int)condition | BPF_X, left, right, 0, target);

    /// <summary>R0 = helper(R1, ..., R5); R1 to R5 hold nothing afterwards.</summary>
    public void Call(BpfHelper helper) => Add(BPF_JMP | BPF_CALL, 0, 0, 0, (int)helper);

    /// <summary>R0 = function(R1, ..., R5): a function of this program, which ends with its own <see cref="Exit"/>.</summary>
    public void Call(BpfLabel function)
    {
        _jumps.Add((_instructions.Count, function, true));
        Add(BPF_JMP | BPF_CALL, 0, (BpfRegister)BPF_PSEUDO_CALL, 0, 0);
    }

    /// <summary>return R0</summary>
    public void Exit() => Add(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);

    /// <summary>return value</summary>
    public void Return(int value)
    {
        Move32(BpfRegister.R0, value);
        Exit();
    }

    /// <summary>The program, with every jump's distance filled in.</summary>
    /// <exception cref="InvalidOperationException">A label that is jumped to has no place.</exception>
    public BpfInstruction[] Assemble()
    {
        var program = _instructions.ToArray();
        foreach (var (index, label, inImmediate) in _jumps)
        {
            var distance = PlaceOf(label) - index - 1;
            program[index] = inImmediate ? program[index] with { Immediate = distance } : program[index] with { Offset = checked((short)distance) };
        }
        return program;
    }

    private void AddJump(int opcode, BpfRegister left, BpfRegister right, int value, BpfLabel target)
    {
        _jumps.Add((_instructions.Count, target, false));
        Add(opcode, left, right, 0, value);
    }

    private void Add(int opcode, BpfRegister destination, BpfRegister source, int offset, int immediate)
        => _instructions.Add(BpfInstruction.Of(opcode, destination, source, offset, immediate));
}
