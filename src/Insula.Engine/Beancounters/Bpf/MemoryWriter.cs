using Insula.Linux.Bpf;
using static Insula.Linux.Bpf.BpfRegister;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// The sequences of the programs that count memory. Convention: R6 is the container's account, R7 the address space's entry, R8 the
/// address space itself.
/// </summary>
internal sealed class MemoryWriter(ProgramMaps maps, KernelFields fields) : ProgramWriter(maps, fields)
{
    /// <summary>Where the address of an address space lies on the stack as a key.</summary>
    public const int KeySlot = -16;

    /// <summary>Where an entry is built on the stack.</summary>
    public const int EntrySlot = -32;

    /// <summary>Fields of <see cref="MemoryEntry"/>.</summary>
    public const int PagesField = 0, AccountIdField = 8, EndedField = 12;

    private const int ProbeSlot = -16; // in the frame of the function that is called back
    private const int WriterHolds = 1; // RWSEM_WRITER_LOCKED

    private readonly int _data = fields.Offset("mm_struct.data_vm");
    private readonly int _stack = fields.Offset("mm_struct.stack_vm");
    private readonly int _lock = fields.Offset("mm_struct.mmap_lock.count");

    /// <summary>The offset of a task's address space.</summary>
    public int AddressSpace { get; } = fields.Offset("task_struct.mm");

    /// <summary>The row that is charged.</summary>
    public static BeancounterResource Resource => BeancounterResources.PrivateMemory;

    /// <summary>Where that row begins.</summary>
    public static int Row => AccountField.RowOf(Resource);

    /// <summary>sum = the private pages that the kernel counts in an address space; the other register is used up.</summary>
    public void LoadPages(BpfRegister sum, BpfRegister space, BpfRegister other)
    {
        Code.Load(sum, space, _data);
        Code.Load(other, space, _stack);
        Code.Add(sum, other);
    }

    /// <summary>Goes elsewhere unless somebody holds the address space's lock to change its mappings.</summary>
    public void RequireLocked(BpfRegister space, BpfLabel otherwise)
    {
        Code.Load(R1, space, _lock);
        Code.And(R1, WriterHolds);
        Code.JumpIfEqual(R1, 0, otherwise);
    }

    /// <summary>R7 = the entry of an address space, made if it is new; elsewhere if there is no room, or it is another container's.</summary>
    public void FindEntry(BpfRegister space, BpfLabel none)
    {
        var known = Code.NewLabel();
        Code.Store(R10, KeySlot, space);
        LookupOr(known);
        LoadAccountId(R1);
        Code.Store(BpfSize.Double, R10, EntrySlot + PagesField, 0);
        Code.Store(BpfSize.Word, R10, EntrySlot + AccountIdField, R1);
        Code.Store(BpfSize.Word, R10, EntrySlot + EndedField, 0);
        Update(Maps.AddressSpaces, KeySlot, EntrySlot);
        LookupOr(known);
        Code.Jump(none);
        Code.Place(known);
        Code.Move(R7, R0);
        Code.LoadWord(R1, R7, AccountIdField);
        LoadAccountId(R2);
        Code.JumpIf(R1, BpfCondition.NotEqual, R2, none);
    }

    /// <summary>
    /// Brings the entry R7 of the address space R8 to what the kernel counts now, and the account R6 with it. While somebody else changes
    /// mappings nothing is done: he does it when he is through. Uses R9.
    /// </summary>
    public void Synchronize(BpfLabel end)
    {
        Code.Load(R9, R7, PagesField);
        Code.Load(R1, R8, _lock);
        Code.And(R1, WriterHolds);
        Code.JumpIfNotEqual(R1, 0, end);
        LoadPages(R1, R8, R2);
        Code.JumpIf(R1, BpfCondition.Equal, R9, end);
        Code.Move(R0, R9);
        Code.AtomicCompareExchange(R7, PagesField, R1);
        // If the figure has changed since it was read, whoever changed it knows better.
        Code.JumpIf(R0, BpfCondition.NotEqual, R9, end);
        Code.Subtract(R1, R9);
        Code.Move(R9, R1);
        Charge(Resource, R9);
    }

    /// <summary>held -= pages; the register is used up.</summary>
    public void GiveBack(BpfRegister pages)
    {
        Code.Move(R1, 0);
        Code.Subtract(R1, pages);
        Code.AtomicAdd(R6, Row + AccountField.Held, R1);
    }

    /// <summary>
    /// Brings the entries of all of the container's address spaces up to date that nobody is changing; the function is
    /// <see cref="WriteRecount"/>'s.
    /// </summary>
    public void Recount(BpfLabel function)
    {
        Code.LoadMap(R1, Maps.AddressSpaces);
        Code.LoadFunction(R2, function);
        Code.Move(R3, R10);
        Code.Add(R3, AccountSlot);
        Code.Move(R4, 0);
        Code.Call(BpfHelper.ForEachElement);
    }

    /// <summary>The function that <see cref="Recount"/> has called for each entry: (map, key, entry, address of the container's number).</summary>
    public void WriteRecount(BpfLabel function)
    {
        var end = Code.NewLabel();
        Code.Place(function);
        Code.LoadWord(R1, R3, AccountIdField);
        Code.LoadWord(R4, R4, 0);
        Code.JumpIf(R1, BpfCondition.NotEqual, R4, end);
        Code.Move(R7, R3);
        Code.Load(R8, R2, 0);
        Code.Load(R9, R7, PagesField);
        Probe(_lock, end);
        Code.Load(R1, R10, ProbeSlot);
        Code.And(R1, WriterHolds);
        Code.JumpIfNotEqual(R1, 0, end);
        Probe(_data, end);
        Code.Load(R6, R10, ProbeSlot);
        Probe(_stack, end);
        Code.Load(R1, R10, ProbeSlot);
        Code.Add(R6, R1);
        // An address space that was not being torn down by now existed when it was read.
        Code.LoadWord(R1, R7, EndedField);
        Code.JumpIfNotEqual(R1, 0, end);
        Code.JumpIf(R6, BpfCondition.Equal, R9, end);
        Code.Move(R0, R9);
        Code.AtomicCompareExchange(R7, PagesField, R6);
        Code.JumpIf(R0, BpfCondition.NotEqual, R9, end);
        Code.Subtract(R6, R9);
        Code.Move(R9, R6);
        Code.LoadWord(R1, R7, AccountIdField);
        FindAccountOf(R1, end);
        Code.AtomicAdd(R6, Row + AccountField.Held, R9);
        Code.Place(end);
        Code.Return(0);
    }

    // The word at an offset in the address space R8, of which only the address is known.
    private void Probe(int offset, BpfLabel failed)
    {
        Code.Move(R1, R10);
        Code.Add(R1, ProbeSlot);
        Code.Move(R2, sizeof(long));
        Code.Move(R3, R8);
        Code.Add(R3, offset);
        Code.Call(BpfHelper.ProbeReadKernel);
        Code.JumpIfNotEqual(R0, 0, failed);
    }

    private void LookupOr(BpfLabel known)
    {
        var missing = Code.NewLabel();
        Lookup(Maps.AddressSpaces, KeySlot, missing);
        Code.Jump(known);
        Code.Place(missing);
    }
}
