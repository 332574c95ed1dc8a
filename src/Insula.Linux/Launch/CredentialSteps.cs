using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>Steps that decide what a child may do: ids, capabilities, system call filter, signals, descriptors.</summary>
public static class CredentialSteps
{
    private const int PR_CAPBSET_DROP = 24;
    private const int SECCOMP_SET_MODE_FILTER = 1;
    private const uint CapabilityVersion3 = 0x20080522;

    /// <summary>Becomes a user and group with no further groups.</summary>
    public static void AddBecome(this LaunchPlan plan, uint uid, uint gid)
    {
        plan.Add("drop", "supplementary groups", Syscall.SetGroups, 0, 0);
        plan.Add("become group", $"{gid}", Syscall.SetResGid, gid, gid, gid);
        plan.Add("become user", $"{uid}", Syscall.SetResUid, uid, uid, uid);
    }

    /// <summary>Takes capabilities out of the bounding set (capabilities(7)) for good; a bit the kernel does not know is passed over.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="dropped">Bit n set: capability n is dropped.</param>
    /// <param name="lastCapability">The highest capability this kernel knows (/proc/sys/kernel/cap_last_cap).</param>
    public static void AddDropFromBoundingSet(this LaunchPlan plan, ulong dropped, int lastCapability)
    {
        for (var number = 0; number <= lastCapability; number++)
        {
            if ((dropped >> number & 1) != 0)
                plan.Add("drop capability", $"{number}", Syscall.PrCtl, PR_CAPBSET_DROP, number, 0, 0, 0);
        }
    }

    /// <summary>Sets effective and permitted capabilities to <paramref name="mask"/> and inheritable to none (capset(2)).</summary>
    public static void AddSetCapabilities(this LaunchPlan plan, ulong mask)
    {
        var header = new byte[8];
        BitConverter.TryWriteBytes(header, CapabilityVersion3);
        // Two struct __user_cap_data_struct: effective, permitted, inheritable; low words first.
        var data = new byte[24];
        BitConverter.TryWriteBytes(data.AsSpan(0), (uint)mask);
        BitConverter.TryWriteBytes(data.AsSpan(4), (uint)mask);
        BitConverter.TryWriteBytes(data.AsSpan(12), (uint)(mask >> 32));
        BitConverter.TryWriteBytes(data.AsSpan(16), (uint)(mask >> 32));
        plan.Add("set", "capabilities", Syscall.CapSet, header, data);
    }

    /// <summary>Installs a system call filter (seccomp(2)); the child must have CAP_SYS_ADMIN in its user namespace.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="filter">An array of struct sock_filter, eight bytes each.</param>
    public static unsafe void AddSystemCallFilter(this LaunchPlan plan, ReadOnlySpan<byte> filter)
    {
        var instructions = plan.Allocate((nuint)filter.Length);
        filter.CopyTo(new Span<byte>(instructions, filter.Length));
        // struct sock_fprog: u16 count, padding, pointer.
        var program = plan.Allocate(16);
        *(ushort*)program = checked((ushort)(filter.Length / 8));
        *(byte**)(program + 8) = instructions;
        plan.Add("install", "the system call filter", Syscall.Seccomp, SECCOMP_SET_MODE_FILTER, 0, PlanArgument.Address(program));
    }

    /// <summary>Unblocks every signal; the launcher blocked them around the clone.</summary>
    public static void AddUnblockSignals(this LaunchPlan plan)
    {
        const int SIG_SETMASK = 2, setSize = 8;
        plan.Add("unblock", "signals", Syscall.RtSigprocmask, SIG_SETMASK, new byte[8], 0, setSize);
    }

    /// <summary>Marks every descriptor from <paramref name="first"/> up close-on-exec, whoever opened it (close_range(2), Linux 5.11).</summary>
    public static void AddCloseOnExecFrom(this LaunchPlan plan, int first)
    {
        const int CLOSE_RANGE_CLOEXEC = 4;
        plan.Add("keep", "descriptors from the program", Syscall.CloseRange, first, (long)uint.MaxValue, CLOSE_RANGE_CLOEXEC);
    }

    /// <summary>Gives the program descriptors 0, 1 and 2.</summary>
    public static void AddStandardStreams(this LaunchPlan plan, PlanArgument input, PlanArgument output, PlanArgument error)
    {
        // Taken out of the way first: a source may itself be 0, 1 or 2.
        const int F_DUPFD_CLOEXEC = 1030, above = 10;
        PlanArgument[] sources = [input, output, error];
        var copies = new PlanResult[3];
        for (var i = 0; i < 3; i++)
            copies[i] = plan.Add("duplicate", $"the descriptor for {i}", Syscall.FCntl, sources[i], F_DUPFD_CLOEXEC, above);
        for (var i = 0; i < 3; i++)
            plan.Add("set up", $"descriptor {i}", Syscall.Dup3, copies[i], i, 0);
    }

    /// <summary>Tries programs in order and runs the first that is there (execve(2)); the error of the last is the plan's.</summary>
    public static void AddExecuteFirst(this LaunchPlan plan, IReadOnlyList<(string Path, IReadOnlyList<string> Arguments)> programs, IReadOnlyList<string> environment)
    {
        for (var i = 0; i < programs.Count; i++)
        {
            var mode = i == programs.Count - 1 ? StepMode.Required : StepMode.Optional;
            plan.Add(
                mode, "execute", programs[i].Path, Syscall.Execve, programs[i].Path, PlanArgument.List(programs[i].Arguments),
                PlanArgument.List(environment));
        }
    }
}
