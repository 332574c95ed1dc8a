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
