using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;
using static Insula.Linux.Bpf.BpfRegister;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// numfile: every struct file of the kernel that was opened with the credentials of a container, from its allocation until it is freed,
/// also when it is only mapped, or on its way through a socket. An open beyond the barrier fails with ENFILE.
/// </summary>
internal static class FilePrograms
{
    private static BeancounterResource Files => BeancounterResources.OpenFiles;

    public static IEnumerable<HostProgram> Write(ProgramMaps maps, KernelFields fields)
    {
        yield return new HostProgram("insula_open", BpfAttachType.ModifyReturn, "security_file_alloc", Allocate(new ProgramWriter(maps, fields)));
        yield return new HostProgram("insula_opened", BpfAttachType.FunctionExit, "security_file_alloc", Allocated(new ProgramWriter(maps, fields)));
        yield return new HostProgram("insula_close", BpfAttachType.FunctionEntry, "security_file_free", Free(new ProgramWriter(maps, fields)));
    }

    // int security_file_alloc(struct file *file): f_cred is set already.
    private static BpfInstruction[] Allocate(ProgramWriter writer)
    {
        var code = writer.Code;
        var pass = code.NewLabel();
        var refuse = code.NewLabel();
        FindOwner(writer, pass);
        writer.ChargeOne(Files, refuse, pass);
        code.Place(pass);
        code.Return(0);
        code.Place(refuse);
        writer.Refuse(Errno.ENFILE);
        return code.Assemble();
    }

    // If another security module refuses, or there is no memory for it, the file is gone without security_file_free.
    private static BpfInstruction[] Allocated(ProgramWriter writer)
    {
        var code = writer.Code;
        var end = code.NewLabel();
        code.Load(R2, R1, 8);
        code.Move32(R2, R2);
        code.JumpIfEqual(R2, 0, end);
        code.Move32(R3, -(int)Errno.ENFILE);
        code.JumpIf(R2, BpfCondition.Equal, R3, end);
        FindOwner(writer, end);
        writer.GiveBackOne(Files);
        code.Place(end);
        code.Return(0);
        return code.Assemble();
    }

    // void security_file_free(struct file *file)
    private static BpfInstruction[] Free(ProgramWriter writer)
    {
        var code = writer.Code;
        var end = code.NewLabel();
        FindOwner(writer, end);
        writer.GiveBackOne(Files);
        code.Place(end);
        code.Return(0);
        return code.Assemble();
    }

    private static void FindOwner(ProgramWriter writer, BpfLabel none)
    {
        writer.Code.Load(R7, R1, 0);
        writer.Code.Load(R7, R7, writer.Fields.Offset("file.f_cred"));
        writer.LoadNamespace(R7, R7);
        writer.FindAccount(R7, none);
    }
}
