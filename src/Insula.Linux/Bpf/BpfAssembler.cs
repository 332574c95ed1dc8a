namespace Insula.Linux.Bpf;

/// <summary>A place in a program that jumps lead to.</summary>
/// <param name="Index">Its number within the program.</param>
public readonly record struct BpfLabel(int Index);

/// <summary>
/// Builds a BPF program instruction by instruction. Jumps name labels, which may be placed later; the kernel's verifier refuses
/// backward jumps that may loop for ever, so the usual label lies ahead.
/// </summary>
public sealed class BpfAssembler
{
    // Classes
    private const int BPF_LDX = 0x01;
    private const int BPF_ALU = 0x04;
    private const int BPF_JMP = 0x05;

    // Sources, sizes, modes
    private const int BPF_K = 0x00;
    private const int BPF_X = 0x08;
    private const int BPF_W = 0x00;
    private const int BPF_MEM = 0x60;

    // Operations
    private const int BPF_AND = 0x50;
    private const int BPF_RSH = 0x70;
    private const int BPF_MOV = 0xb0;
    private const int BPF_JA = 0x00;
    private const int BPF_JEQ = 0x10;
    private const int BPF_JNE = 0x50;
    private const int BPF_EXIT = 0x90;

    private const int NotPlaced = -1;

    private readonly List<BpfInstruction> _instructions = [];
    private readonly List<int> _labels = [];
    private readonly List<(int Instruction, BpfLabel Label)> _jumps = [];

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

    /// <summary>destination = *(u32 *)(source + offset)</summary>
    public void LoadWord(BpfRegister destination, BpfRegister source, int offset)
        => Add(BPF_LDX | BPF_W | BPF_MEM, destination, source, offset, 0);

    /// <summary>destination = (u32)source</summary>
    public void Move32(BpfRegister destination, BpfRegister source) => Add(BPF_ALU | BPF_MOV | BPF_X, destination, source, 0, 0);

    /// <summary>destination = (u32)value</summary>
    public void Move32(BpfRegister destination, int value) => Add(BPF_ALU | BPF_MOV | BPF_K, destination, 0, 0, value);

    /// <summary>destination = (u32)destination &amp; value</summary>
    public void And32(BpfRegister destination, int value) => Add(BPF_ALU | BPF_AND | BPF_K, destination, 0, 0, value);

    /// <summary>destination = (u32)destination >> bits</summary>
    public void ShiftRight32(BpfRegister destination, int bits) => Add(BPF_ALU | BPF_RSH | BPF_K, destination, 0, 0, bits);

    /// <summary>goto target</summary>
    public void Jump(BpfLabel target) => AddJump(BPF_JMP | BPF_JA, 0, 0, target);

    /// <summary>if (register == value) goto target; all 64 bits, the value sign-extended.</summary>
    public void JumpIfEqual(BpfRegister register, int value, BpfLabel target) => AddJump(BPF_JMP | BPF_JEQ | BPF_K, register, value, target);

    /// <summary>if (register != value) goto target; all 64 bits, the value sign-extended.</summary>
    public void JumpIfNotEqual(BpfRegister register, int value, BpfLabel target) => AddJump(BPF_JMP | BPF_JNE | BPF_K, register, value, target);

    /// <summary>return R0</summary>
    public void Exit() => Add(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);

    /// <summary>The program, with every jump's distance filled in.</summary>
    /// <exception cref="InvalidOperationException">A label that is jumped to has no place.</exception>
    public BpfInstruction[] Assemble()
    {
        var program = _instructions.ToArray();
        foreach (var (index, label) in _jumps)
        {
            var target = _labels[label.Index];
            if (target == NotPlaced)
                throw new InvalidOperationException($"label {label.Index} has no place");
            program[index] = program[index] with { Offset = checked((short)(target - index - 1)) };
        }
        return program;
    }

    private void AddJump(int opcode, BpfRegister register, int value, BpfLabel target)
    {
        _jumps.Add((_instructions.Count, target));
        Add(opcode, register, 0, 0, value);
    }

    private void Add(int opcode, BpfRegister destination, BpfRegister source, int offset, int immediate)
        => _instructions.Add(BpfInstruction.Of(opcode, destination, source, offset, immediate));
}
