using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;
using static Insula.Linux.Bpf.BpfRegister;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// numflock: the locks of flock(2) and fcntl(2) that are set on files which were opened with a container's credentials. A request beyond
/// the barrier fails with ENOLCK. What is counted is what is in the kernel's lists: a lock that is split counts twice, one that waits does
/// not. Locks of file systems that keep their own, such as those of the network, are not counted.
/// </summary>
internal static class LockPrograms
{
    private const int F_UNLCK = 2;
    private const int OrdinaryLock = 1 | 2; // FL_POSIX | FL_FLOCK: neither lease nor layout
    private const string Insert = "locks_insert_lock_ctx";
    private const string Copy = "locks_copy_lock";

    private static BeancounterResource Locks => BeancounterResources.FileLocks;

    public static IEnumerable<HostProgram> Write(ProgramMaps maps, KernelFields fields)
    {
        yield return new HostProgram("insula_lock", BpfAttachType.ModifyReturn, "security_file_lock", Request(new ProgramWriter(maps, fields)));
        // Where the compiler has dissolved the function that inserts into the lists, the copy is made in the line before, and only there.
        var insert = fields.HasFunction(Insert);
        yield return new HostProgram(
            "insula_locked", BpfAttachType.FunctionEntry, insert ? Insert : Copy, Change(new ProgramWriter(maps, fields), argument: insert ? 0 : 1, +1));
        yield return new HostProgram(
            "insula_unlocked", BpfAttachType.FunctionEntry, "locks_unlink_lock_ctx", Change(new ProgramWriter(maps, fields), argument: 0, -1));
    }

    // int security_file_lock(struct file *file, unsigned int cmd): to unlock is never refused.
    private static BpfInstruction[] Request(ProgramWriter writer)
    {
        var code = writer.Code;
        var row = AccountField.RowOf(Locks);
        var pass = code.NewLabel();
        code.Load(R2, R1, 8);
        code.Move32(R2, R2);
        code.JumpIfEqual(R2, F_UNLCK, pass);
        code.Load(R7, R1, 0);
        FindOwner(writer, pass);
        writer.LoadBound(R2, Locks, AccountField.Barrier, pass);
        code.Load(R1, R6, row + AccountField.Held);
        code.JumpIf(R1, BpfCondition.SignedLess, R2, pass);
        writer.CountRefusal(Locks);
        writer.Refuse(Errno.ENOLCK);
        code.Place(pass);
        code.Return(0);
        return code.Assemble();
    }

    // void locks_insert_lock_ctx(struct file_lock *fl, ...), locks_copy_lock(struct file_lock *new, struct file_lock *fl),
    // locks_unlink_lock_ctx(struct file_lock *fl). Since Linux 6.9 the common part is struct file_lock_core at the beginning.
    private static BpfInstruction[] Change(ProgramWriter writer, int argument, int amount)
    {
        var code = writer.Code;
        var end = code.NewLabel();
        code.Load(R7, R1, argument * 8);
        code.LoadWord(R2, R7, writer.Fields.Offset("file_lock_core.flc_flags", "file_lock.fl_flags"));
        code.And(R2, OrdinaryLock);
        code.JumpIfEqual(R2, 0, end);
        code.Load(R7, R7, writer.Fields.Offset("file_lock_core.flc_file", "file_lock.fl_file"));
        FindOwner(writer, end);
        if (amount > 0)
        {
            code.Move(R7, amount);
            writer.Charge(Locks, R7);
        }
        else
        {
            writer.GiveBackOne(Locks);
        }
        code.Place(end);
        code.Return(0);
        return code.Assemble();
    }

    // R7 = the file; it is used up.
    private static void FindOwner(ProgramWriter writer, BpfLabel none)
    {
        var code = writer.Code;
        code.Load(R8, R7, writer.Fields.Offset("file.f_cred"));
        writer.LoadNamespace(R8, R8);
        code.Load(R7, R7, writer.Fields.Offset("file.f_op"));
        code.Load(R2, R7, writer.Fields.Offset("file_operations.lock"));
        code.JumpIfNotEqual(R2, 0, none);
        code.Load(R2, R7, writer.Fields.Offset("file_operations.flock"));
        code.JumpIfNotEqual(R2, 0, none);
        writer.FindAccount(R8, none);
    }
}
