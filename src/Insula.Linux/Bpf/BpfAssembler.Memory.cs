namespace Insula.Linux.Bpf;

/// <content>Loads, stores, atomic operations, and constants that are 64 bits wide or stand for a map.</content>
public sealed partial class BpfAssembler
{
    private const int BPF_IMM = 0x00;
    private const int BPF_MEM = 0x60;
    private const int BPF_ATOMIC = 0xc0;

    private const int BPF_FETCH = 0x01;
    private const int BPF_XCHG = 0xe0 | BPF_FETCH;
    private const int BPF_CMPXCHG = 0xf0 | BPF_FETCH;

    // What the source register's place says about a 64-bit constant.
    private const int BPF_PSEUDO_MAP_FD = 1;
    private const int BPF_PSEUDO_MAP_VALUE = 2;
    private const int BPF_PSEUDO_FUNC = 4;

    /// <summary>destination = *(u32 *)(source + offset)</summary>
    public void LoadWord(BpfRegister destination, BpfRegister source, int offset) => Load(BpfSize.Word, destination, source, offset);

    /// <summary>destination = *(size *)(source + offset), the rest of it cleared.</summary>
    public void Load(BpfSize size, BpfRegister destination, BpfRegister source, int offset)
        => Add(BPF_LDX | (int)size | BPF_MEM, destination, source, offset, 0);

    /// <summary>destination = *(u64 *)(source + offset)</summary>
    public void Load(BpfRegister destination, BpfRegister source, int offset) => Load(BpfSize.Double, destination, source, offset);

    /// <summary>*(size *)(destination + offset) = source</summary>
    public void Store(BpfSize size, BpfRegister destination, int offset, BpfRegister source)
        => Add(BPF_STX | (int)size | BPF_MEM, destination, source, offset, 0);

    /// <summary>*(u64 *)(destination + offset) = source</summary>
    public void Store(BpfRegister destination, int offset, BpfRegister source) => Store(BpfSize.Double, destination, offset, source);

    /// <summary>*(size *)(destination + offset) = value, sign-extended.</summary>
    public void Store(BpfSize size, BpfRegister destination, int offset, int value)
        => Add(BPF_ST | (int)size | BPF_MEM, destination, 0, offset, value);

    /// <summary>lock *(u64 *)(destination + offset) += source</summary>
    public void AtomicAdd(BpfRegister destination, int offset, BpfRegister source) => Atomic(BPF_ADD, destination, offset, source);

    /// <summary>source = what was at *(u64 *)(destination + offset), to which source is added (Linux 5.12).</summary>
    public void AtomicFetchAdd(BpfRegister destination, int offset, BpfRegister source) => Atomic(BPF_ADD | BPF_FETCH, destination, offset, source);

    /// <summary>source and *(u64 *)(destination + offset) change places (Linux 5.12).</summary>
    public void AtomicExchange(BpfRegister destination, int offset, BpfRegister source) => Atomic(BPF_XCHG, destination, offset, source);

    /// <summary>If *(u64 *)(destination + offset) is R0 it becomes source; R0 = what was there (Linux 5.12).</summary>
    public void AtomicCompareExchange(BpfRegister destination, int offset, BpfRegister source) => Atomic(BPF_CMPXCHG, destination, offset, source);

    /// <summary>destination = value; two instructions.</summary>
    public void MoveWide(BpfRegister destination, ulong value) => AddWide(destination, 0, (int)(uint)value, (int)(uint)(value >> 32));

    /// <summary>destination = the map, as helpers take it; two instructions.</summary>
    /// <param name="destination">Gets it.</param>
    /// <param name="map">The map's descriptor in this process; it must be open until the program is loaded.</param>
    public void LoadMap(BpfRegister destination, int map) => AddWide(destination, BPF_PSEUDO_MAP_FD, map, 0);

    /// <summary>destination = the address of the only value of an array map, plus an offset; no look-up is needed. Two instructions.</summary>
    public void LoadMapValue(BpfRegister destination, int map, int offset) => AddWide(destination, BPF_PSEUDO_MAP_VALUE, map, offset);

    /// <summary>destination = the function, for a helper that calls back; two instructions. The program needs type information.</summary>
    public void LoadFunction(BpfRegister destination, BpfLabel function)
    {
        _jumps.Add((_instructions.Count, function, true));
        AddWide(destination, BPF_PSEUDO_FUNC, 0, 0);
    }

    private void Atomic(int operation, BpfRegister destination, int offset, BpfRegister source)
        => Add(BPF_STX | (int)BpfSize.Double | BPF_ATOMIC, destination, source, offset, operation);

    private void AddWide(BpfRegister destination, int meaning, int low, int high)
    {
        Add(BPF_LD | (int)BpfSize.Double | BPF_IMM, destination, (BpfRegister)meaning, 0, low);
        Add(0, 0, 0, 0, high);
    }
}
