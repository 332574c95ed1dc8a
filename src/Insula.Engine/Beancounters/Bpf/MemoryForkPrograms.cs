using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;
using static Insula.Linux.Bpf.BpfRegister;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// A fork is charged with a whole copy of the parent's private memory before it begins; when the child exists, what it really got is put
/// into its own entry, and when there is none after all everything is given back.
/// </summary>
internal static class MemoryForkPrograms
{
    private const int CLONE_VM = 0x100;
    private const int ForkSlot = -56;

    // Fields of ForkEntry.
    private const int ChildField = 0;
    private const int PagesField = 8;
    private const int AccountIdField = 16;
    private const int UnusedField = 20;

    public static IEnumerable<HostProgram> Write(ProgramMaps maps, KernelFields fields)
    {
        yield return Begin(new MemoryWriter(maps, fields));
        yield return new HostProgram("insula_forked", BpfAttachType.TracePoint, "sched_process_fork", Succeed(new MemoryWriter(maps, fields)));
        yield return new HostProgram("insula_forkend", BpfAttachType.FunctionEntry, "security_task_free", Fail(new MemoryWriter(maps, fields)));
    }

    // int security_task_alloc(struct task_struct *task, unsigned long clone_flags)
    private static HostProgram Begin(MemoryWriter writer)
    {
        var code = writer.Code;
        var pass = code.NewLabel();
        var over = code.NewLabel();
        var refuse = code.NewLabel();
        var charged = code.NewLabel();
        var recount = code.NewLabel();
        code.Load(R2, R1, 8);
        code.And(R2, CLONE_VM);
        code.JumpIfNotEqual(R2, 0, pass);
        code.Load(R9, R1, 0);
        FindParent(writer, pass);
        Try(writer, over, charged, pass);
        code.Place(over);
        writer.Recount(recount);
        Try(writer, refuse, charged, pass);
        code.Place(refuse);
        writer.CountRefusal(MemoryWriter.Resource);
        writer.Refuse(Errno.ENOMEM);
        code.Place(charged);
        Remember(writer);
        code.Place(pass);
        code.Return(0);
        writer.WriteRecount(recount);
        return new HostProgram("insula_fork", BpfAttachType.ModifyReturn, "security_task_alloc", code.Assemble())
        {
            Functions = [0, code.PlaceOf(recount)],
        };
    }

    private static void FindParent(MemoryWriter writer, BpfLabel pass)
    {
        var code = writer.Code;
        writer.LoadCurrentNamespace(R7);
        writer.FindAccount(R7, pass);
        code.Call(BpfHelper.CurrentTask);
        code.Store(R10, MemoryWriter.KeySlot, R0);
        code.Load(R8, R0, writer.AddressSpace);
        code.JumpIfEqual(R8, 0, pass);
        writer.LoadPages(R1, R8, R2);
        code.JumpIfEqual(R1, 0, pass);
        code.Store(R10, ForkSlot + PagesField, R1);
    }

    private static void Try(MemoryWriter writer, BpfLabel over, BpfLabel charged, BpfLabel none)
    {
        writer.LoadBound(R4, MemoryWriter.Resource, AccountField.Barrier, none);
        writer.Code.Load(R5, R10, ForkSlot + PagesField);
        writer.TryCharge(MemoryWriter.Row, R4, R5, over, charged);
    }

    private static void Remember(MemoryWriter writer)
    {
        var code = writer.Code;
        var done = code.NewLabel();
        code.Store(R10, ForkSlot + ChildField, R9);
        writer.LoadAccountId(R1);
        code.Store(BpfSize.Word, R10, ForkSlot + AccountIdField, R1);
        code.Store(BpfSize.Word, R10, ForkSlot + UnusedField, 0);
        writer.Update(writer.Maps.Forks, MemoryWriter.KeySlot, ForkSlot);
        code.JumpIfEqual(R0, 0, done);
        code.Load(R2, R10, ForkSlot + PagesField);
        writer.GiveBack(R2);
        code.Place(done);
    }

    // sched_process_fork(struct task_struct *parent, struct task_struct *child): the child has not run yet.
    private static BpfInstruction[] Succeed(MemoryWriter writer)
    {
        var code = writer.Code;
        var end = code.NewLabel();
        var counted = code.NewLabel();
        code.Load(R7, R1, 0);
        code.Load(R8, R1, 8);
        code.Store(R10, MemoryWriter.KeySlot, R7);
        writer.Lookup(writer.Maps.Forks, MemoryWriter.KeySlot, end);
        code.Load(R9, R0, PagesField);
        code.LoadWord(R1, R0, AccountIdField);
        code.Store(BpfSize.Word, R10, MemoryWriter.EntrySlot + MemoryWriter.AccountIdField, R1);
        code.Store(BpfSize.Word, R10, MemoryWriter.EntrySlot + MemoryWriter.EndedField, 0);
        writer.Delete(writer.Maps.Forks, MemoryWriter.KeySlot);
        code.Load(R8, R8, writer.AddressSpace);
        writer.LoadPages(R7, R8, R2);
        code.Store(R10, MemoryWriter.EntrySlot + MemoryWriter.PagesField, R7);
        code.Store(R10, MemoryWriter.KeySlot, R8);
        writer.Update(writer.Maps.AddressSpaces, MemoryWriter.KeySlot, MemoryWriter.EntrySlot);
        code.JumpIfEqual(R0, 0, counted);
        code.Move(R7, 0);
        code.Place(counted);
        code.Subtract(R7, R9);
        code.LoadWord(R1, R10, MemoryWriter.EntrySlot + MemoryWriter.AccountIdField);
        writer.FindAccountOf(R1, end);
        writer.Charge(MemoryWriter.Resource, R7);
        code.Place(end);
        code.Return(0);
        return code.Assemble();
    }

    // void security_task_free(struct task_struct *task): a fork that fails calls it for the child that it was going to have.
    private static BpfInstruction[] Fail(MemoryWriter writer)
    {
        var code = writer.Code;
        var end = code.NewLabel();
        code.Load(R7, R1, 0);
        code.Call(BpfHelper.CurrentTask);
        code.Store(R10, MemoryWriter.KeySlot, R0);
        writer.Lookup(writer.Maps.Forks, MemoryWriter.KeySlot, end);
        code.Load(R1, R0, ChildField);
        code.JumpIf(R1, BpfCondition.NotEqual, R7, end);
        code.Load(R9, R0, PagesField);
        code.LoadWord(R8, R0, AccountIdField);
        writer.Delete(writer.Maps.Forks, MemoryWriter.KeySlot);
        writer.FindAccountOf(R8, end);
        writer.GiveBack(R9);
        code.Place(end);
        code.Return(0);
        return code.Assemble();
    }
}
