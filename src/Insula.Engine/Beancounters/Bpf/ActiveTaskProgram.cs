using System.Runtime.InteropServices;
using Insula.Engine.Host;
using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;
using static Insula.Linux.Bpf.BpfRegister;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// A BPF program that the kernel calls for each task, and that writes down the pid namespace of those which run or wait without being
/// interruptible: one read gives the active tasks of all containers.
/// </summary>
internal sealed class ActiveTaskProgram : IDisposable
{
    private const string Name = "insula_active";

    // A container's own namespace is the first below the host's; what it makes itself is further down.
    private const int DeepestLevel = 32;

    // include/linux/sched.h: TASK_UNINTERRUPTIBLE, and TASK_NOLOAD, which says that it is not to count.
    private const int Uninterruptible = 2, NoLoad = 0x400;

    private readonly BpfProgram _program;

    private ActiveTaskProgram(BpfProgram program) => _program = program;

    /// <summary>Loads it; null where the kernel has no such programs, or shows no types.</summary>
    public static ActiveTaskProgram? TryLoad(HostLayout layout)
    {
        try
        {
            var fields = KernelFields.OfThisKernel(Path.Combine(layout.RunDirectory, "bpf.fields"));
            var options = new BpfProgramOptions(BpfProgramType.Tracing, BpfAttachType.Iterator, Name)
            {
                Function = fields.Target(BpfAttachType.Iterator, BpfIterator.FunctionOf("task")),
            };
            var code = Write(fields);
            if (fields.Missing.Count > 0)
                return null;
            var loaded = new ActiveTaskProgram(BpfProgram.Load(options, code));
            fields.Save();
            return loaded;
        }
        catch (LinuxException)
        {
            return null; // What insula check shows under "BPF iterators".
        }
    }

    /// <summary>How many tasks are active, by the number of their container's pid namespace.</summary>
    public IReadOnlyDictionary<uint, int> Count()
    {
        var counts = new Dictionary<uint, int>();
        foreach (var number in MemoryMarshal.Cast<byte, uint>(BpfIterator.Run(_program)))
            counts[number] = counts.GetValueOrDefault(number) + 1;
        return counts;
    }

    /// <inheritdoc/>
    public void Dispose() => _program.Dispose();

    // struct bpf_iter__task { struct bpf_iter_meta *meta; struct task_struct *task; }; meta begins with the sequence file.
    private static BpfInstruction[] Write(KernelFields fields)
    {
        var code = new BpfAssembler();
        var end = code.NewLabel();
        code.Move(R6, R1);
        code.Load(R7, R6, 8);
        code.JumpIfEqual(R7, 0, end);
        JumpUnlessActive(code, fields, end);
        code.Load(R8, R7, fields.Offset("task_struct.nsproxy"));
        code.JumpIfEqual(R8, 0, end);
        code.Load(R8, R8, fields.Offset("nsproxy.pid_ns_for_children"));
        var found = code.NewLabel();
        for (var level = 0; level < DeepestLevel; level++)
        {
            code.LoadWord(R1, R8, fields.Offset("pid_namespace.level"));
            code.JumpIfEqual(R1, 0, end);
            code.JumpIfEqual(R1, 1, found);
            code.Load(R8, R8, fields.Offset("pid_namespace.parent"));
        }
        code.Jump(end);
        code.Place(found);
        code.LoadWord(R1, R8, fields.Offset("pid_namespace.ns.inum"));
        code.Store(BpfSize.Word, R10, -4, R1);
        code.Load(R1, R6, 0);
        code.Load(R1, R1, 0);
        code.Move(R2, R10);
        code.Add(R2, -4);
        code.Move(R3, sizeof(uint));
        code.Call(BpfHelper.SequenceWrite);
        code.Place(end);
        code.Return(0);
        return code.Assemble();
    }

    private static void JumpUnlessActive(BpfAssembler code, KernelFields fields, BpfLabel end)
    {
        var active = code.NewLabel();
        code.LoadWord(R1, R7, fields.Offset("task_struct.__state", "task_struct.state"));
        code.JumpIfEqual(R1, 0, active);
        code.JumpIf(R1, BpfCondition.AnyBit, NoLoad, end);
        code.JumpIf(R1, BpfCondition.AnyBit, Uninterruptible, active);
        code.Jump(end);
        code.Place(active);
    }
}
