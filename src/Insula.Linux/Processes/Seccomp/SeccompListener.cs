using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes.Seccomp;

/// <summary>The descriptor at which a filter asks (seccomp_unotify(2)). It is readable while a question waits, and hangs up when no process has the filter.</summary>
public static unsafe class SeccompListener
{
    // _IOWR('!', 0, struct seccomp_notif), _IOWR('!', 1, struct seccomp_notif_resp), _IOW('!', 2, __u64).
    internal const uint Receive = 3u << 30 | 80 << 16 | '!' << 8;
    internal const uint Send = 3u << 30 | 24 << 16 | '!' << 8 | 1;
    internal const uint IdValid = 1u << 30 | 8 << 16 | '!' << 8 | 2;
    internal const uint Continue = 1;

    /// <summary>True while a question waits for its answer: its process is then the one that asked, and no other that got its number.</summary>
    public static bool IsWaiting(FileDescriptor listener, ulong id)
        => Kernel.Call(Syscall.IoCtl, listener.Number, unchecked((nint)IdValid), (nint)(&id)) == 0;

    /// <summary>Says that the call has been made, with result 0. Nothing happens if nobody waits any more.</summary>
    public static void Succeed(FileDescriptor listener, ulong id) => Answer(listener, new SeccompAnswer { Id = id });

    /// <summary>Says that the call has failed. Nothing happens if nobody waits any more.</summary>
    public static void Fail(FileDescriptor listener, ulong id, Errno errno) => Answer(listener, new SeccompAnswer { Id = id, Error = -(int)errno });

    /// <summary>Has the kernel make the call (SECCOMP_USER_NOTIF_FLAG_CONTINUE, Linux 5.5). Nothing happens if nobody waits any more.</summary>
    public static void LetThrough(FileDescriptor listener, ulong id) => Answer(listener, new SeccompAnswer { Id = id, Flags = Continue });

    private static void Answer(FileDescriptor listener, SeccompAnswer answer)
    {
        var result = Kernel.Call(Syscall.IoCtl, listener.Number, unchecked((nint)Send), (nint)(&answer));
        // ENOENT: killed meanwhile. EINPROGRESS: somebody has answered already.
        if (Kernel.ErrnoOf(result) is not (Errno.None or Errno.ENOENT or Errno.EINPROGRESS))
            Kernel.Check(result, "answer a question of", "a system call filter");
    }
}

/// <summary>struct seccomp_notif of linux/seccomp.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct SeccompQuestion
{
    /// <summary>The question's number; never 0 by any likelihood: it counts from a random one.</summary>
    public ulong Id;

    /// <summary>The thread that asks, by its number in this process's pid namespace; 0 if it has none there.</summary>
    public int Thread;

    /// <summary>0 so far.</summary>
    public uint Flags;

    /// <summary>The call's number.</summary>
    public int Number;

    /// <summary>The calling convention, AUDIT_ARCH_*.</summary>
    public uint Architecture;

    /// <summary>Where the call was made.</summary>
    public ulong InstructionPointer;

    /// <summary>Its arguments.</summary>
    public fixed ulong Arguments[6];

    /// <summary>An argument, 0 to 5.</summary>
    public readonly ulong Argument(int index) => Arguments[index];

    /// <summary>True if it is about that call.</summary>
    public readonly bool Is(Syscall call) => Number == (Is32Bit ? CompatNumber(call) : SyscallTable.Number(call));

    /// <summary>True if it was made by a 32-bit program, or in its way.</summary>
    public readonly bool Is32Bit => Architecture is SeccompCompiler.ArchI386 or SeccompCompiler.ArchArm;

    private readonly int? CompatNumber(Syscall call)
        => Architecture == SeccompCompiler.ArchI386 ? CompatSyscallTable.I386(call) : CompatSyscallTable.Arm(call);
}

/// <summary>struct seccomp_notif_resp of linux/seccomp.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SeccompAnswer
{
    public ulong Id;
    public long Value;
    public int Error;
    public uint Flags;
}
