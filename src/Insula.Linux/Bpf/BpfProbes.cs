using Insula.Linux.Syscalls;

namespace Insula.Linux.Bpf;

/// <summary>Finds out which programs this kernel takes, by attaching one that does nothing for a moment.</summary>
internal static class BpfProbes
{
    // A function that is hardly ever called, and whose result a program may decide.
    private const string Hook = "task_setnice";

    private static readonly Lazy<KernelTypes?> Types = new(KernelTypes.TryRead);

    /// <summary>Programs that are asked when a socket is made, and told when it is closed.</summary>
    public static Errno CgroupSocket() => Try(() =>
    {
        Load(BpfProgramType.CgroupSocket, BpfAttachType.CgroupSocketCreate, 0, 1).Dispose();
        Load(BpfProgramType.CgroupSocket, BpfAttachType.CgroupSocketRelease, 0, 1).Dispose();
    });

    /// <summary>Programs that decide what a function of the kernel returns.</summary>
    public static Errno ModifyReturn() => Attach(BpfProgramType.Tracing, BpfAttachType.ModifyReturn, $"security_{Hook}");

    /// <summary>Programs as hooks of the security modules.</summary>
    public static Errno SecurityHook() => Attach(BpfProgramType.SecurityModule, BpfAttachType.SecurityHook, $"bpf_lsm_{Hook}");

    /// <summary>Programs that are called for each task.</summary>
    public static Errno Iterator() => Attach(BpfProgramType.Tracing, BpfAttachType.Iterator, BpfIterator.FunctionOf("task"));

    /// <summary>Programs that are called at a tracepoint.</summary>
    public static Errno TracePoint() => Attach(BpfProgramType.Tracing, BpfAttachType.TracePoint, "sched_process_exit");

    /// <summary>Programs that see the packets of a network link.</summary>
    public static Errno LinkPacket() => Try(() => Load(BpfProgramType.LinkPacket, default, 0, -1).Dispose());

    private static Errno Attach(BpfProgramType type, BpfAttachType attachType, string function) => Try(() =>
    {
        var number = (attachType == BpfAttachType.TracePoint ? Types.Value?.FindTracePoint(function) : Types.Value?.FindFunction(function)) ?? 0;
        if (number == 0)
            throw new LinuxException("find the function", function, Errno.ENOENT);
        using var program = Load(type, attachType, number, 0);
        BpfLink.Attach(program).Dispose();
    });

    private static BpfProgram Load(BpfProgramType type, BpfAttachType attachType, uint function, int result)
    {
        var code = new BpfAssembler();
        code.Return(result);
        return BpfProgram.Load(new BpfProgramOptions(type, attachType, "insula_probe") { Function = function }, code.Assemble());
    }

    private static Errno Try(Action action)
    {
        try
        {
            action();
            return Errno.None;
        }
        catch (LinuxException error)
        {
            return error.Errno;
        }
    }
}
