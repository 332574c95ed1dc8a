using System.Runtime.InteropServices;
using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;
using static Insula.Linux.Bpf.BpfRegister;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>The program that is asked before an address space grows.</summary>
internal static class MemoryGrowthProgram
{
    private const int BoundSlot = -40;

    // What a program asks for is held to the barrier; what it cannot help, such as the growth of its stack, to the limit.
    // mmap, mprotect, brk, mremap in asm/unistd.h.
    private static readonly int[] Requests = IsArm ? [222, 226, 214, 216] : [9, 10, 12, 25];

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    // int security_vm_enough_memory_mm(struct mm_struct *mm, long pages)
    public static HostProgram Write(MemoryWriter writer)
    {
        var code = writer.Code;
        var pass = code.NewLabel();
        var over = code.NewLabel();
        var refuse = code.NewLabel();
        var recount = code.NewLabel();
        code.Load(R8, R1, 0);
        code.Load(R9, R1, 8);
        code.JumpIf(R9, BpfCondition.SignedLessOrEqual, 0, pass);
        FindEntry(writer, pass);
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
        return new HostProgram("insula_mmgrow", BpfAttachType.ModifyReturn, "security_vm_enough_memory_mm", code.Assemble())
        {
            Functions = [0, code.PlaceOf(recount)],
        };
    }

    // Only growth of mappings is made with the lock held to write; pages of shared memory are asked for without. Within a fork the lock is
    // the parent's, and the child has been charged already.
    private static void FindEntry(MemoryWriter writer, BpfLabel pass)
    {
        var code = writer.Code;
        var noFork = code.NewLabel();
        writer.LoadCurrentNamespace(R7);
        writer.FindAccount(R7, pass);
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
