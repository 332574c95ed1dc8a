using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>
/// Programs on a cgroup v2 directory. They hold for the group and all below it, stay when this process ends, and go with the
/// group. All are attached so that others may stand beside them (BPF_F_ALLOW_MULTI); the kernel then asks every one.
/// </summary>
public static unsafe class BpfCgroupAttachment
{
    private const uint BPF_F_ALLOW_MULTI = 2;
    private const uint BPF_F_REPLACE = 4;
    private const int MaxPrograms = 64; // BPF_CGROUP_MAX_PROGS

    /// <summary>
    /// Attaches a program, or puts it in the place of the one of the same name that is there: in one step, so that there is no
    /// moment with both or neither (BPF_F_REPLACE, Linux 5.6).
    /// </summary>
    /// <param name="group">The group's open directory.</param>
    /// <param name="display">Its path, for messages.</param>
    /// <param name="type">What the program is asked about.</param>
    /// <param name="program">The program.</param>
    public static void AttachOrReplace(FileDescriptor group, string display, BpfAttachType type, BpfProgram program)
    {
        using var earlier = Find(group, display, type, program.Name);
        var attributes = new BpfAttachAttributes
        {
            Target = group.Number,
            Program = program.Descriptor.Number,
            AttachType = type,
            Flags = earlier is null ? BPF_F_ALLOW_MULTI : BPF_F_ALLOW_MULTI | BPF_F_REPLACE,
            ReplacedProgram = earlier?.Descriptor.Number ?? 0,
        };
        Kernel.Check(BpfCall.Make(BpfCommand.ProgAttach, ref attributes), $"attach the BPF program {program.Name} to", display);
    }

    /// <summary>Takes the program of that name off the group. False if there is none.</summary>
    public static bool Detach(FileDescriptor group, string display, BpfAttachType type, string name)
    {
        using var program = Find(group, display, type, name);
        if (program is null)
            return false;
        var attributes = new BpfAttachAttributes { Target = group.Number, Program = program.Descriptor.Number, AttachType = type };
        Kernel.Check(BpfCall.Make(BpfCommand.ProgDetach, ref attributes), $"detach the BPF program {name} from", display);
        return true;
    }

    /// <summary>The kernel's numbers of the programs on this very group, not of those it inherits (BPF_PROG_QUERY).</summary>
    public static uint[] Query(FileDescriptor group, string display, BpfAttachType type)
    {
        var ids = new uint[MaxPrograms];
        fixed (uint* pointer = ids)
        {
            var attributes = new BpfQueryAttributes
            {
                Target = group.Number,
                AttachType = type,
                ProgramIds = (ulong)pointer,
                ProgramCount = MaxPrograms,
            };
            Kernel.Check(BpfCall.Make(BpfCommand.ProgQuery, ref attributes), "list the BPF programs of", display);
            return ids[..(int)attributes.ProgramCount];
        }
    }

    private static BpfProgram? Find(FileDescriptor group, string display, BpfAttachType type, string name)
    {
        foreach (var id in Query(group, display, type))
        {
            var program = BpfProgram.TryOpen(id);
            if (program?.Name == name)
                return program;
            program?.Dispose();
        }
        return null;
    }
}
