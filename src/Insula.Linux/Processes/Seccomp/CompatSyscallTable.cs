using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes.Seccomp;

/// <summary>
/// Numbers of the calls that profiles name in the 32-bit ABI that a 64-bit kernel also speaks: i386 on x86-64, EABI on arm64.
/// Only a filter needs them: a 64-bit program can make i386 calls (int $0x80), so a filter that knows one table is no filter.
/// A test compares every row with the C headers (asm/unistd_32.h, arm's asm/unistd.h).
/// </summary>
internal static class CompatSyscallTable
{
    /// <summary>The number on i386; -1 where it has no such call, null where the call has no row here.</summary>
    public static int? I386(Syscall call) => Row(call)?.I386;

    /// <summary>The number on 32-bit ARM (EABI); -1 where it has no such call, null where the call has no row here.</summary>
    public static int? Arm(Syscall call) => Row(call)?.Arm;

    private static (int I386, int Arm)? Row(Syscall call) => call switch
    {
        Syscall.STime => (25, -1),
        Syscall.Acct => (51, 51),
        Syscall.Umount2 => (52, 52),
        Syscall.IoCtl => (54, 54),
        Syscall.Ustat => (62, 62),
        Syscall.Settimeofday => (79, 79),
        Syscall.Uselib => (86, 86),
        Syscall.Swapon => (87, 87),
        Syscall.Ioperm => (101, -1),
        Syscall.Syslog => (103, 103),
        Syscall.Iopl => (110, -1),
        Syscall.Vm86Old => (113, -1),
        Syscall.Swapoff => (115, 115),
        Syscall.SysInfo => (116, 116),
        Syscall.Clone => (120, 120),
        Syscall.InitModule => (128, 128),
        Syscall.DeleteModule => (129, 129),
        Syscall.Quotactl => (131, 131),
        Syscall.Sysfs => (135, 135),
        Syscall.Personality => (136, 136),
        Syscall.SysCtl => (149, 149),
        Syscall.Vm86 => (166, -1),
        Syscall.Nfsservctl => (169, 169),
        Syscall.LookupDcookie => (253, 249),
        Syscall.ClockSettime => (264, 262),
        Syscall.MqOpen => (277, 274),
        Syscall.KexecLoad => (283, 347),
        Syscall.RequestKey => (287, 310),
        Syscall.Unshare => (310, 337),
        Syscall.PerfEventOpen => (336, 364),
        Syscall.OpenByHandleAt => (342, 371),
        Syscall.FinitModule => (350, 379),
        Syscall.Bpf => (357, 386),
        Syscall.Socket => (359, 281),
        Syscall.Getsockopt => (365, 295),
        Syscall.Setsockopt => (366, 294),
        Syscall.Userfaultfd => (374, 388),
        Syscall.KexecFileLoad => (-1, 401),
        Syscall.ClockSettime64 => (404, 404),
        Syscall.IoUringSetup => (425, 425),
        Syscall.IoUringEnter => (426, 426),
        Syscall.IoUringRegister => (427, 427),
        Syscall.Clone3 => (435, 435),
        Syscall.QuotactlFd => (443, 443),
        Syscall.LandlockCreateRuleset => (444, 444),
        Syscall.LandlockAddRule => (445, 445),
        Syscall.LandlockRestrictSelf => (446, 446),
        Syscall.MemfdSecret => (447, -1),
        _ => null,
    };
}
