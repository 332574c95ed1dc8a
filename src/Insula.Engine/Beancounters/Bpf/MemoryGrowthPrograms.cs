using System.Runtime.InteropServices;
using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;
using static Insula.Linux.Bpf.BpfRegister;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// The programs that are asked before an address space grows. The kernel itself asks where memory is reserved; for mappings made without
/// reserve (MAP_NORESERVE, which the C library uses for the heaps of threads) the security hooks of mmap(2) and mprotect(2) are used.
/// </summary>
internal static class MemoryGrowthPrograms
{
    private const int BoundSlot = -40;

    // What a program asks for is held to the barrier; what it cannot help, such as the growth of its stack, to the limit.
    // mmap, mprotect, brk, mremap in asm/unistd.h.
    private static readonly int[] Requests = IsArm ? [222, 226, 214, 216] : [9, 10, 12, 25];

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    private const int ProtectionWrite = 2; // PROT_WRITE
    private const int MapTypeMask = 0x0F; // MAP_TYPE
    private const int MapPrivate = 0x02; // MAP_PRIVATE
    private const int MapNoReserve = 0x4000; // MAP_NORESERVE
    private const int VM_WRITE = 0x2;
    private const int VM_SHARED = 0x8;
    private const int VM_NORESERVE = 0x200000;
    private const int PageShift = 12;
    private const int PageMask = (1 << PageShift) - 1;

    public static IEnumerable<HostProgram> Write(ProgramMaps maps, KernelFields fields)
    {
        yield return Write(new MemoryWriter(maps, fields), "insula_mmgrow", "security_vm_enough_memory_mm", locked: true, Reserve);
        yield return Write(new MemoryWriter(maps, fields), "insula_mmprot", "security_file_mprotect", locked: true, Protect);
        yield return Write(new MemoryWriter(maps, fields), "insula_mmmap", "security_mmap_file", locked: false, Map);
    }

    private static HostProgram Write(MemoryWriter writer, string name, string target, bool locked, Action<MemoryWriter, BpfLabel> begin)
    {
        var code = writer.Code;
        var pass = code.NewLabel();
        var over = code.NewLabel();
        var refuse = code.NewLabel();
        var recount = code.NewLabel();
        begin(writer, pass);
        FindEntry(writer, locked, pass);
        writer.LoadBound(R1, MemoryWriter.Resource, AccountField.Barrier, pass);
        code.Store(R10, BoundSlot, R1);
        Try(writer, over, pass);
        code.Place(over);
        writer.Recount(recount);
        ChooseBound(writer);
        Try(writer, refuse, pass);
        code.Place(refuse);
        writer.CountRefusal(MemoryWriter.Resource);
        writer.Refuse(Errno.ENOMEM);
        code.Place(pass);
        code.Return(0);
        writer.WriteRecount(recount);
        return new HostProgram(name, BpfAttachType.ModifyReturn, target, code.Assemble()) { Functions = [0, code.PlaceOf(recount)] };
    }

    // int security_vm_enough_memory_mm(struct mm_struct *mm, long pages). R8 = the address space, R9 = how many pages more.
    private static void Reserve(MemoryWriter writer, BpfLabel pass)
    {
        var code = writer.Code;
        code.Load(R8, R1, 0);
        code.Load(R9, R1, 8);
        code.JumpIf(R9, BpfCondition.SignedLessOrEqual, 0, pass);
    }

    // int security_file_mprotect(struct vm_area_struct *vma, unsigned long reqprot, unsigned long prot), with the lock held to write. The
    // part of the mapping that becomes writable follows from the system call's first two arguments.
    private static void Protect(MemoryWriter writer, BpfLabel pass)
    {
        var code = writer.Code;
        var fields = writer.Fields;
        code.Load(R7, R1, 0);
        code.Load(R2, R1, 16);
        code.And(R2, ProtectionWrite);
        code.JumpIfEqual(R2, 0, pass);
        code.Load(R2, R7, fields.Offset("vm_area_struct.vm_flags"));
        code.JumpIf(R2, BpfCondition.AnyBit, VM_WRITE | VM_SHARED, pass);
        code.And(R2, VM_NORESERVE);
        code.JumpIfEqual(R2, 0, pass);
        LoadArguments(writer, R8, R9);
        code.Add(R9, R8);
        code.Add(R9, PageMask);
        var begins = code.NewLabel();
        code.Load(R1, R7, fields.Offset("vm_area_struct.vm_start"));
        code.JumpIf(R8, BpfCondition.GreaterOrEqual, R1, begins);
        code.Move(R8, R1);
        code.Place(begins);
        var ends = code.NewLabel();
        code.Load(R1, R7, fields.Offset("vm_area_struct.vm_end"));
        code.JumpIf(R9, BpfCondition.LessOrEqual, R1, ends);
        code.Move(R9, R1);
        code.Place(ends);
        code.JumpIf(R9, BpfCondition.LessOrEqual, R8, pass);
        code.Subtract(R9, R8);
        code.ShiftRight(R9, PageShift);
        code.JumpIfEqual(R9, 0, pass);
        code.Load(R8, R7, fields.Offset("vm_area_struct.vm_mm"));
    }

    // int security_mmap_file(struct file *file, unsigned long prot, unsigned long flags), before the lock is taken. The length is the
    // system call's second argument.
    private static void Map(MemoryWriter writer, BpfLabel pass)
    {
        var code = writer.Code;
        code.Load(R2, R1, 8);
        code.And(R2, ProtectionWrite);
        code.JumpIfEqual(R2, 0, pass);
        code.Load(R2, R1, 16);
        code.Move(R3, R2);
        code.And(R3, MapNoReserve);
        code.JumpIfEqual(R3, 0, pass);
        code.And(R2, MapTypeMask);
        code.JumpIfNotEqual(R2, MapPrivate, pass);
        LoadArguments(writer, R8, R9);
        code.Add(R9, PageMask);
        code.ShiftRight(R9, PageShift);
        code.JumpIfEqual(R9, 0, pass);
        code.Call(BpfHelper.CurrentTask);
        code.Load(R8, R0, writer.AddressSpace);
        code.JumpIfEqual(R8, 0, pass);
    }

    // The first two arguments of the system call that the running task is in.
    private static void LoadArguments(MemoryWriter writer, BpfRegister first, BpfRegister second)
    {
        var code = writer.Code;
        code.Call(BpfHelper.CurrentTask);
        code.Move(R1, R0);
        code.Call(BpfHelper.TaskRegisters);
        code.Load(first, R0, IsArm ? writer.Fields.Offset("pt_regs.regs") : writer.Fields.Offset("pt_regs.di"));
        code.Load(second, R0, IsArm ? writer.Fields.Offset("pt_regs.regs") + sizeof(long) : writer.Fields.Offset("pt_regs.si"));
    }

    // Only growth of mappings is made with the lock held to write; pages of shared memory are asked for without. Within a fork the lock is
    // the parent's, and the child has been charged already.
    private static void FindEntry(MemoryWriter writer, bool locked, BpfLabel pass)
    {
        var code = writer.Code;
        var noFork = code.NewLabel();
        writer.LoadCurrentNamespace(R7);
        writer.FindAccount(R7, pass);
        if (locked)
            writer.RequireLocked(R8, pass);
        code.Call(BpfHelper.CurrentTask);
        code.Store(R10, MemoryWriter.KeySlot, R0);
        writer.Lookup(writer.Maps.Forks, MemoryWriter.KeySlot, noFork);
        code.Jump(pass);
        code.Place(noFork);
        writer.FindEntry(R8, pass);
    }

    // Brings the entry R7 to what the address space R8 will have with the R9 pages more, if the account R6 allows it.
    private static void Try(MemoryWriter writer, BpfLabel over, BpfLabel pass)
    {
        var code = writer.Code;
        var grows = code.NewLabel();
        var tooMuch = code.NewLabel();
        writer.LoadPages(R1, R8, R2);
        code.Add(R1, R9);
        code.Move(R2, R1);
        code.AtomicExchange(R7, MemoryWriter.PagesField, R2);
        code.Move(R5, R1);
        code.Subtract(R5, R2);
        code.JumpIf(R5, BpfCondition.SignedGreater, 0, grows);
        // More has been given back unseen than is asked for now.
        code.AtomicAdd(R6, MemoryWriter.Row + AccountField.Held, R5);
        code.Jump(pass);
        code.Place(grows);
        code.Load(R4, R10, BoundSlot);
        writer.TryCharge(MemoryWriter.Row, R4, R5, tooMuch, pass);
        code.Place(tooMuch);
        // The entry goes back to what is there, and the account changes by the difference to what the entry was before.
        writer.LoadPages(R1, R8, R2);
        code.Move(R2, R1);
        code.AtomicExchange(R7, MemoryWriter.PagesField, R2);
        code.Subtract(R1, R2);
        code.Add(R1, R5);
        code.AtomicAdd(R6, MemoryWriter.Row + AccountField.Held, R1);
        code.Jump(over);
    }

    private static void ChooseBound(MemoryWriter writer)
    {
        var code = writer.Code;
        var requested = code.NewLabel();
        code.Call(BpfHelper.CurrentTask);
        code.Move(R1, R0);
        code.Call(BpfHelper.TaskRegisters);
        code.LoadWord(R0, R0, IsArm ? writer.Fields.Offset("pt_regs.syscallno") : writer.Fields.Offset("pt_regs.orig_ax"));
        foreach (var request in Requests)
            code.JumpIfEqual(R0, request, requested);
        writer.LoadBound(R1, MemoryWriter.Resource, AccountField.Limit, requested);
        code.Store(R10, BoundSlot, R1);
        code.Place(requested);
    }
}
