using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>
/// That a program is attached somewhere (BPF_LINK_CREATE, Linux 5.7): it is detached when the last descriptor of the link is closed and
/// no name keeps it.
/// </summary>
public sealed class BpfLink : IDisposable
{
    private BpfLink(FileDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>The link's descriptor.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Attaches a program of the types tracing or security module where it was loaded for.</summary>
    /// <exception cref="LinuxException">EOPNOTSUPP, EBUSY: this kernel lets no program in there.</exception>
    public static BpfLink Attach(BpfProgram program)
        => new(new FileDescriptor((int)Kernel.Check(Create(program, null), "attach the BPF program", program.Name)));

    /// <summary>Attaches a program to a group of processes; others may stand beside it, and are asked too.</summary>
    /// <param name="program">A program of one of the cgroup types.</param>
    /// <param name="group">The group's open directory.</param>
    /// <param name="display">Its path, for messages.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static BpfLink Attach(BpfProgram program, FileDescriptor group, string display)
        => new(new FileDescriptor((int)Kernel.Check(Create(program, group), $"attach the BPF program {program.Name} to", display)));

    /// <summary>Puts another program in the place of the one that is there, in one step; only for groups (BPF_LINK_UPDATE).</summary>
    public void Replace(BpfProgram program)
    {
        var attributes = new BpfLinkUpdateAttributes { Link = Descriptor.Number, Program = program.Descriptor.Number };
        Kernel.Check(BpfCall.Make(BpfCommand.LinkUpdate, ref attributes), "replace a BPF program by", program.Name);
    }

    /// <summary>A link that has a name; null if there is none.</summary>
    public static BpfLink? TryOpen(string path) => BpfPin.TryGet(path) is { } descriptor ? new BpfLink(descriptor) : null;

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static long Create(BpfProgram program, FileDescriptor? target)
    {
        var attributes = new BpfLinkAttributes
        {
            Program = program.Descriptor.Number,
            Target = target?.Number ?? 0,
            AttachType = program.AttachType,
        };
        return BpfCall.Make(BpfCommand.LinkCreate, ref attributes);
    }
}
