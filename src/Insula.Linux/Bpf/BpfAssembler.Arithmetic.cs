namespace Insula.Linux.Bpf;

/// <content>Moves and arithmetic. Those named 32 clear the upper half of the destination; the others work on all 64 bits.</content>
public sealed partial class BpfAssembler
{
    private const int BPF_ADD = 0x00;
    private const int BPF_SUB = 0x10;
    private const int BPF_MUL = 0x20;
    private const int BPF_OR = 0x40;
    private const int BPF_AND = 0x50;
    private const int BPF_LSH = 0x60;
    private const int BPF_RSH = 0x70;
    private const int BPF_MOV = 0xb0;

    /// <summary>destination = source</summary>
    public void Move(BpfRegister destination, BpfRegister source) => Add(BPF_ALU64 | BPF_MOV | BPF_X, destination, source, 0, 0);

    /// <summary>destination = value, sign-extended</summary>
    public void Move(BpfRegister destination, int value) => Add(BPF_ALU64 | BPF_MOV | BPF_K, destination, 0, 0, value);

    /// <summary>destination = (u32)source</summary>
    public void Move32(BpfRegister destination, BpfRegister source) => Add(BPF_ALU | BPF_MOV | BPF_X, destination, source, 0, 0);

    /// <summary>destination = (u32)value</summary>
    public void Move32(BpfRegister destination, int value) => Add(BPF_ALU | BPF_MOV | BPF_K, destination, 0, 0, value);

    /// <summary>destination += source</summary>
    public void Add(BpfRegister destination, BpfRegister source) => Add(BPF_ALU64 | BPF_ADD | BPF_X, destination, source, 0, 0);

    /// <summary>destination += value, sign-extended</summary>
    public void Add(BpfRegister destination, int value) => Add(BPF_ALU64 | BPF_ADD | BPF_K, destination, 0, 0, value);

    /// <summary>destination -= source</summary>
    public void Subtract(BpfRegister destination, BpfRegister source) => Add(BPF_ALU64 | BPF_SUB | BPF_X, destination, source, 0, 0);

    /// <summary>destination *= source</summary>
    public void Multiply(BpfRegister destination, BpfRegister source) => Add(BPF_ALU64 | BPF_MUL | BPF_X, destination, source, 0, 0);

    /// <summary>destination &amp;= value, sign-extended</summary>
    public void And(BpfRegister destination, int value) => Add(BPF_ALU64 | BPF_AND | BPF_K, destination, 0, 0, value);

    /// <summary>destination |= source</summary>
    public void Or(BpfRegister destination, BpfRegister source) => Add(BPF_ALU64 | BPF_OR | BPF_X, destination, source, 0, 0);

    /// <summary>destination &lt;&lt;= bits</summary>
    public void ShiftLeft(BpfRegister destination, int bits) => Add(BPF_ALU64 | BPF_LSH | BPF_K, destination, 0, 0, bits);

    /// <summary>destination >>= bits, filled up with zeros</summary>
    public void ShiftRight(BpfRegister destination, int bits) => Add(BPF_ALU64 | BPF_RSH | BPF_K, destination, 0, 0, bits);

    /// <summary>destination = (u32)destination &amp; value</summary>
    public void And32(BpfRegister destination, int value) => Add(BPF_ALU | BPF_AND | BPF_K, destination, 0, 0, value);

    /// <summary>destination = (u32)destination >> bits</summary>
    public void ShiftRight32(BpfRegister destination, int bits) => Add(BPF_ALU | BPF_RSH | BPF_K, destination, 0, 0, bits);
}
