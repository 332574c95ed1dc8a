using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes.Seccomp;

/// <summary>What a filter answers to a call: SECCOMP_RET_* of linux/seccomp.h.</summary>
/// <param name="Value">The 32-bit return value of the filter.</param>
public readonly record struct SeccompAction(uint Value)
{
    private const uint KillProcessValue = 0x80000000;
    private const uint ErrnoValue = 0x00050000;
    private const uint AskValue = 0x7fc00000;
    private const uint AllowValue = 0x7fff0000;

    /// <summary>The kernel makes the call.</summary>
    public static SeccompAction Allow => new(AllowValue);

    /// <summary>
    /// The call waits until the holder of the filter's listener has answered (Linux 5.0). Without a listener it fails with ENOSYS.
    /// </summary>
    public static SeccompAction Ask => new(AskValue);

    /// <summary>The whole process is killed with SIGSYS (Linux 4.14).</summary>
    public static SeccompAction KillProcess => new(KillProcessValue);

    /// <summary>The call fails with <paramref name="errno"/>; the kernel does not see it.</summary>
    public static SeccompAction Fail(Errno errno) => new(ErrnoValue | (uint)errno);

    /// <summary>The error the call fails with, or <see cref="Errno.None"/> if it does not fail that way.</summary>
    public Errno Errno => (Value & 0xffff0000) == ErrnoValue ? (Errno)(Value & 0xffff) : Errno.None;

    /// <summary>"allow", "ask", "kill", or the error's name.</summary>
    public override string ToString() => Value switch
    {
        AllowValue => "allow",
        AskValue => "ask",
        KillProcessValue => "kill",
        _ => Errno.ToString(),
    };
}
