using System.Runtime.InteropServices;

namespace Insula.Linux.Processes.Seccomp;

/// <summary>
/// A compiled filter. A launch plan installs it with seccomp(SECCOMP_SET_MODE_FILTER, 0, &amp;sock_fprog), which wants CAP_SYS_ADMIN
/// in the child's user namespace (no_new_privs is not set: setuid programs work in a container), so before capabilities are dropped.
/// </summary>
public sealed class SeccompProgram
{
    /// <summary>SECCOMP_SET_MODE_FILTER of linux/seccomp.h, the first argument of seccomp(2).</summary>
    public const int SetModeFilter = 1;

    /// <summary>
    /// SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (Linux 5.19), the second argument: the call gives back a
    /// descriptor at which questions arrive, close-on-exec. Once a question has been taken, only a deadly signal ends the wait for its answer: nothing
    /// is written to the memory of a caller that has gone on meanwhile.
    /// </summary>
    public const int WithListener = 1 << 3 | 1 << 5;

    /// <summary>BPF_MAXINSNS: the kernel takes no longer program.</summary>
    public const int LongestProgram = 4096;

    private readonly SockFilter[] _instructions;

    internal SeccompProgram(SockFilter[] instructions)
    {
        if (instructions.Length > LongestProgram)
            throw new InvalidOperationException($"a seccomp filter of {instructions.Length} instructions is longer than the kernel takes");
        _instructions = instructions;
    }

    /// <summary>The instructions in order; the length in sock_fprog counts these.</summary>
    public ReadOnlySpan<SockFilter> Instructions => _instructions;

    /// <summary>The instructions as the kernel reads them, eight bytes each.</summary>
    public byte[] ToBytes() => MemoryMarshal.AsBytes(Instructions).ToArray();
}
