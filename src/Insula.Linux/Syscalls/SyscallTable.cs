using System.Runtime.InteropServices;

namespace Insula.Linux.Syscalls;

/// <summary>
/// Kernel names and numbers of the system calls in <see cref="Syscall"/>, for each architecture Insula runs on.
/// A test compares every row with the C headers (asm/unistd.h).
/// </summary>
public static class SyscallTable
{
    private static ReadOnlySpan<short> X64 =>
    [
        0, 1, 2, 3, 4, 17, 18, 16, 33, 292, 72, 9, 10, 11, 157, 125, 126, 56, 435, 59, 322, 60, 231, 61, 247, 62, 234, 434, 438,
        424, 308, 272, 112, 109, 39, 110, 105, 106, 117, 119, 116, 95, 80, 81, 161, 155, 165, 166, 430, 431, 432, 433, 428, 429,
        442, 257, 437, 258, 259, 260, 268, 265, 266, 267, 263, 316, 262, 332, 439, 280, 77, 285, 191, 192, 193, 188, 189, 190,
        194, 196, 195, 170, 171, 14, 13, 436, 293, 41, 42, 46, 47, 49, 44, 45, 54, 55, 321, 317, 302, 160, 203, 204, 319, 73, 74,
        75, 306, 217, 7, 271, 35, 34, 141, 140, 206, 186, 91, 93, 250, 248, 249, 246, 320, 175, 313, 176, 174, 178, 177, 180,
        304, 303, 298, 323, 425, 426, 427, 169, 167, 168, 164, 227, 159, 305, 163, 179, 443, 172, 173, 154, -1, -1, -1, -1, 240,
        138, 134, 136, 139, 156, 153, 212, 103, 135, 101, 310, 311, 312, 440, 239, 238, 237, 279, 256, 450, 447, 444, 445, 446,
        183, 300, 301, 181, 182, 185, 184, 236, 214, 215, 216, 219, 149, 151, 277, 158, 200, 102, 107, 8, 5, 318, 53, 48, 289,
        290, 50, 288, 326, 40, 137, 82, 83, 84, 88, 86, 122, 291, 233, 281, 294, 254, 99,
    ];

    private static ReadOnlySpan<short> Arm64 =>
    [
        63, 64, -1, 57, -1, 67, 68, 29, -1, 24, 25, 222, 226, 215, 167, 90, 91, 220, 435, 221, 281, 93, 94, 260, 95, 129, 131,
        434, 438, 424, 268, 97, 157, 154, 172, 173, 146, 144, 147, 149, 159, 166, 49, 50, 51, 41, 40, 39, 430, 431, 432, 433,
        428, 429, 442, 56, 437, 34, 33, 54, 53, 37, 36, 78, 35, 276, 79, 291, 439, 88, 46, 47, 8, 9, 10, 5, 6, 7, 11, 13, 12,
        161, 162, 135, 134, 436, 59, 198, 203, 211, 212, 200, 206, 207, 208, 209, 280, 277, 261, 164, 122, 123, 279, 32, 82, 83,
        267, 61, -1, 73, 101, -1, 140, 141, 0, 178, 52, 55, 219, 217, 218, 104, 294, 105, 273, 106, -1, -1, -1, 42, 265, 264,
        241, 282, 425, 426, 427, 142, 224, 225, 170, 112, 171, 266, 89, 60, 443, -1, -1, -1, -1, -1, -1, -1, 180, 44, -1, -1, -1,
        -1, 58, 18, 116, 92, 117, 270, 271, 272, 440, 236, 237, 235, 239, 238, 450, 447, 444, 445, 446, -1, 262, 263, -1, -1, -1,
        -1, -1, -1, -1, 234, 128, 228, 230, 84, -1, 130, 174, 175, 62, 80, 278, 199, 210, 74, 19, 201, 242, 285, 71, 43, -1, -1,
        -1, -1, -1, 151, 20, 21, 22, 26, 27, 179,
    ];

    /// <summary>The number of <paramref name="call"/> on <paramref name="architecture"/>, or -1 where that architecture has no such call.</summary>
    public static int Number(Syscall call, Architecture architecture) => architecture switch
    {
        Architecture.X64 => X64[(int)call],
        Architecture.Arm64 => Arm64[(int)call],
        _ => throw new PlatformNotSupportedException($"no system call table for {architecture}"),
    };

    /// <summary>The number of <paramref name="call"/> on the architecture this process runs on, or -1.</summary>
    public static int Number(Syscall call) => Number(call, RuntimeInformation.ProcessArchitecture);

    /// <summary>The kernel's name of <paramref name="call"/>, as in a manual page: <c>move_mount</c>.</summary>
    public static string Name(Syscall call) => Names[(int)call];

    /// <summary>Every call there is a row for.</summary>
    public static IEnumerable<Syscall> All => Enumerable.Range(0, X64.Length).Select(i => (Syscall)i);

    private static string[] Names { get; } =
    [
        "read", "write", "open", "close", "stat", "pread64", "pwrite64", "ioctl", "dup2", "dup3", "fcntl", "mmap", "mprotect",
        "munmap", "prctl", "capget", "capset", "clone", "clone3", "execve", "execveat", "exit", "exit_group", "wait4", "waitid",
        "kill", "tgkill", "pidfd_open", "pidfd_getfd", "pidfd_send_signal", "setns", "unshare", "setsid", "setpgid", "getpid",
        "getppid", "setuid", "setgid", "setresuid", "setresgid", "setgroups", "umask", "chdir", "fchdir", "chroot", "pivot_root",
        "mount", "umount2", "fsopen", "fsconfig", "fsmount", "fspick", "open_tree", "move_mount", "mount_setattr", "openat",
        "openat2", "mkdirat", "mknodat", "fchownat", "fchmodat", "linkat", "symlinkat", "readlinkat", "unlinkat", "renameat2",
        "newfstatat", "statx", "faccessat2", "utimensat", "ftruncate", "fallocate", "getxattr", "lgetxattr", "fgetxattr",
        "setxattr", "lsetxattr", "fsetxattr", "listxattr", "flistxattr", "llistxattr", "sethostname", "setdomainname",
        "rt_sigprocmask", "rt_sigaction", "close_range", "pipe2", "socket", "connect", "sendmsg", "recvmsg", "bind", "sendto",
        "recvfrom", "setsockopt", "getsockopt", "bpf", "seccomp", "prlimit64", "setrlimit", "sched_setaffinity",
        "sched_getaffinity", "memfd_create", "flock", "fsync", "fdatasync", "syncfs", "getdents64", "poll", "ppoll", "nanosleep",
        "pause", "setpriority", "getpriority", "io_setup", "gettid", "fchmod", "fchown", "keyctl", "add_key", "request_key",
        "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "create_module", "query_module",
        "get_kernel_syms", "nfsservctl", "open_by_handle_at", "name_to_handle_at", "perf_event_open", "userfaultfd",
        "io_uring_setup", "io_uring_enter", "io_uring_register", "reboot", "swapon", "swapoff", "settimeofday", "clock_settime",
        "adjtimex", "clock_adjtime", "acct", "quotactl", "quotactl_fd", "iopl", "ioperm", "modify_ldt", "vm86", "vm86old",
        "stime", "clock_settime64", "mq_open", "fstatfs", "uselib", "ustat", "sysfs", "_sysctl", "vhangup", "lookup_dcookie",
        "syslog", "personality", "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "process_madvise", "get_mempolicy",
        "set_mempolicy", "mbind", "move_pages", "migrate_pages", "set_mempolicy_home_node", "memfd_secret",
        "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "afs_syscall", "fanotify_init",
        "fanotify_mark", "getpmsg", "putpmsg", "security", "tuxcall", "vserver", "epoll_ctl_old", "epoll_wait_old",
        "remap_file_pages", "restart_syscall", "mlock", "mlockall", "sync_file_range", "arch_prctl", "tkill", "getuid",
        "geteuid", "lseek", "fstat", "getrandom", "socketpair", "shutdown", "signalfd4", "eventfd2", "listen", "accept4",
        "copy_file_range", "sendfile", "statfs", "rename", "mkdir", "rmdir", "symlink", "link", "setfsuid",
        "epoll_create1", "epoll_ctl", "epoll_pwait", "inotify_init1", "inotify_add_watch", "sysinfo",
    ];
}
