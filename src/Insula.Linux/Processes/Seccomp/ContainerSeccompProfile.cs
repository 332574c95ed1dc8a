using Insula.Linux.Syscalls;
using static Insula.Linux.Processes.Seccomp.ArgumentTest;

namespace Insula.Linux.Processes.Seccomp;

/// <summary>
/// What containers may not ask of the kernel they share. The user namespace already makes most of these fail; the filter closes the
/// code behind them, also for a privileged container, and answers with the error that programs expect where the thing is not to be
/// had: EPERM where the kernel says so to an unprivileged user, ENOSYS where programs have a second way. docs/seccomp.md has the table
/// with who else does so, and what was looked at and left allowed; a test compares the two.
/// </summary>
public static class ContainerSeccompProfile
{
    internal const ulong MNT_FORCE = 1;
    internal const ulong TIOCSTI = 0x5412;
    internal const ulong TIOCLINUX = 0x541C;
    internal const ulong AF_VSOCK = 40;
    internal const ulong IPPROTO_MPTCP = 262;
    internal const ulong AF_NETLINK = 16;
    internal const ulong NETLINK_NETFILTER = 12;
    internal const ulong SOL_IP = 0;
    internal const ulong SOL_IPV6 = 41;
    internal const ulong PersonalityQuery = 0xffffffff;

    /// <summary>
    /// PER_LINUX32 | UNAME26 | ADDR_NO_RANDOMIZE | ADDR_COMPAT_LAYOUT | READ_IMPLIES_EXEC | ADDR_LIMIT_32BIT | ADDR_LIMIT_3GB: what
    /// linux32, setarch and debuggers set. Left out: foreign execution domains, MMAP_PAGE_ZERO.
    /// </summary>
    internal const ulong PersonalityUsual = 0x08e60008;

    /// <summary>CLONE_NEWCGROUP | NEWUTS | NEWIPC | NEWUSER | NEWPID of linux/sched.h: what CRIU cannot dump nested.</summary>
    internal const ulong UndumpableNamespaces = 0x3e000000;

    /// <summary>CLONE_NEWTIME; in clone(2) the bit belongs to the exit signal, so it is tested in unshare(2) only.</summary>
    internal const ulong CLONE_NEWTIME = 0x80;

    private static SeccompAction Eperm => SeccompAction.Fail(Errno.EPERM);

    private static SeccompAction Enosys => SeccompAction.Fail(Errno.ENOSYS);

    /// <summary>Every container's, unless its configuration says otherwise.</summary>
    public static SeccompProfile Default => new("default", [.. Kernel(), .. Attack(), .. Clock(), .. Obsolete(), .. Sockets()]);

    /// <summary>
    /// A profile whose sysinfo(2) is answered by whoever has the filter's listener: the call tells of memory, load and uptime, as /proc does, and no
    /// namespace divides it.
    /// </summary>
    public static SeccompProfile WithOwnSysInfo(SeccompProfile profile)
        => profile.WithFirst(profile.Name, [new(Syscall.SysInfo, SeccompAction.Ask, "tells of the host; insulad answers with the container's figures")]);

    /// <summary>
    /// A profile whose quotactl(2) is answered by whoever has the filter's listener: the kernel lets nobody but the host's root call it, whatever file
    /// system it is about.
    /// </summary>
    public static SeccompProfile WithOwnQuota(SeccompProfile profile)
    {
        const string reason = "insulad makes it on the container's own image, with the host's ids";
        return profile.WithFirst(profile.Name, [new(Syscall.Quotactl, SeccompAction.Ask, reason), new(Syscall.QuotactlFd, SeccompAction.Ask, reason)]);
    }

    /// <summary>
    /// A profile for a container without packet filters of its own: nftables, iptables, conntrack and ipset are answered as by a kernel that was built
    /// without netfilter.
    /// </summary>
    public static SeccompProfile WithoutNetfilter(SeccompProfile profile) => profile.WithFirst(profile.Name, Netfilter());

    /// <summary>
    /// <see cref="Default"/>, and nothing that a checkpoint cannot hold: no nested namespaces but mount and network, no descriptors
    /// that CRIU refuses. Docker and podman do not run in such a container.
    /// </summary>
    public static SeccompProfile Migratable => Default.WithFirst("migratable", Undumpable());

    /// <summary>The machine: modules, other kernels, swap, ports, the host's log and accounting.</summary>
    private static IEnumerable<SeccompRule> Kernel() =>
    [
        new(Syscall.KexecLoad, Eperm, "would replace the kernel of all containers"),
        new(Syscall.KexecFileLoad, Eperm, "would replace the kernel of all containers"),
        new(Syscall.InitModule, Eperm, "code in the shared kernel"),
        new(Syscall.FinitModule, Eperm, "code in the shared kernel"),
        new(Syscall.DeleteModule, Eperm, "takes code from the shared kernel"),
        new(Syscall.Swapon, Eperm, "swap belongs to the host"),
        new(Syscall.Swapoff, Eperm, "swap belongs to the host"),
        new(Syscall.Acct, Eperm, "process accounting writes records of a whole pid namespace from inside the kernel"),
        new(Syscall.Syslog, Eperm, "shows and clears the host's kernel log, which is not divided by container"),
        new(Syscall.Iopl, Eperm, "raw access to I/O ports"),
        new(Syscall.Ioperm, Eperm, "raw access to I/O ports"),
        new(Syscall.Quotactl, Enosys, "quota of the host's file systems; a kernel without quota says the same"),
        new(Syscall.QuotactlFd, Enosys, "quota of the host's file systems; a kernel without quota says the same"),
        new(Syscall.Umount2, Eperm, "a forced unmount aborts a FUSE connection that other containers share", HasAny(1, MNT_FORCE)),
    ];

    /// <summary>Large and often broken parts of the kernel that a complete system does without.</summary>
    private static IEnumerable<SeccompRule> Attack() =>
    [
        new(Syscall.OpenByHandleAt, Eperm, "opens files by number, past every mount and directory (the shocker exploit)"),
        new(Syscall.Bpf, Eperm, "the verifier; the kernel wants CAP_BPF on the host for all that is useful"),
        new(Syscall.PerfEventOpen, Eperm, "counters see the host and other containers; a long list of holes"),
        new(Syscall.Userfaultfd, Eperm, "stops the kernel in the middle of a copy, which makes races easy to win"),
        new(Syscall.IoUringSetup, Enosys, "calls made through the ring pass by this filter; programs fall back; cannot be checkpointed"),
        new(Syscall.IoUringEnter, Enosys, "as io_uring_setup"),
        new(Syscall.IoUringRegister, Enosys, "as io_uring_setup"),
        new(Syscall.RequestKey, SeccompAction.Fail(Errno.ENOKEY), "with call-out text it runs the host's /sbin/request-key as root", IsNot(2, 0, ulong.MaxValue)),
        new(Syscall.IoCtl, SeccompAction.Fail(Errno.EIO), "types into a terminal in the user's place; Linux 6.2 and later can say the same", Is(1, TIOCSTI)),
        new(Syscall.IoCtl, Eperm, "pastes a selection into a virtual console", Is(1, TIOCLINUX)),
        new(Syscall.Personality, SeccompAction.Allow, "asks for the present value", Is(0, PersonalityQuery)),
        new(Syscall.Personality, Eperm, "foreign execution domains; mapping page zero", HasAny(0, IntMask & ~PersonalityUsual)),
    ];

    /// <summary>There is one wall clock. adjtimex and clock_adjtime stay: read-only use is common, and the kernel refuses to set.</summary>
    private static IEnumerable<SeccompRule> Clock() =>
    [
        new(Syscall.Settimeofday, Eperm, "the clock of the host and of all containers"),
        new(Syscall.ClockSettime, Eperm, "the clock of the host and of all containers"),
        new(Syscall.ClockSettime64, Eperm, "the clock of the host and of all containers (32-bit programs)"),
        new(Syscall.STime, Eperm, "the clock of the host and of all containers (i386)"),
    ];

    /// <summary>Calls nobody makes any more but those who look for old code.</summary>
    private static IEnumerable<SeccompRule> Obsolete() =>
    [
        new(Syscall.LookupDcookie, Enosys, "oprofile's; gone in Linux 6.7"),
        new(Syscall.Nfsservctl, Enosys, "gone in Linux 3.1"),
        new(Syscall.SysCtl, Enosys, "gone in Linux 5.5"),
        new(Syscall.Uselib, Enosys, "libc 5's loader; a known way in (CVE-2004-1235)"),
        new(Syscall.Ustat, Enosys, "replaced by statfs; tells of file systems that are not in view"),
        new(Syscall.Sysfs, Enosys, "lists the host's file system types; replaced by /proc/filesystems"),
        new(Syscall.Vm86, Enosys, "virtual 8086 mode (i386)"),
        new(Syscall.Vm86Old, Enosys, "virtual 8086 mode (i386)"),
    ];

    /// <summary>
    /// Address families of a whole system, as OpenVZ allowed them. Others would load the host's module for the asking (net-pf-N), are
    /// rarely reviewed, and few are divided by network namespace.
    /// </summary>
    private static IEnumerable<SeccompRule> Sockets()
    {
        ReadOnlySpan<(ulong Family, string Name)> families =
        [
            (1, "AF_UNIX"), (2, "AF_INET"), (10, "AF_INET6"), (15, "AF_KEY"), (16, "AF_NETLINK"), (17, "AF_PACKET"), (24, "AF_PPPOX"),
        ];
        var rules = new List<SeccompRule>();
        foreach (var (family, name) in families)
            rules.Add(new SeccompRule(Syscall.Socket, SeccompAction.Allow, name, Is(0, family)));
        rules.Add(new SeccompRule(
            Syscall.Socket, SeccompAction.Fail(Errno.EAFNOSUPPORT), "families that load modules, reach the hypervisor or hold old holes"));
        return rules;
    }

    /// <summary>
    /// The ways to netfilter (linux/netfilter_ipv4/ip_tables.h and its like): nfnetlink, and socket options: of IPv4 64 to 127 (iptables, arptables, the
    /// former destination), 128 to 191 (ebtables) and 1152 to 1215 (ipvs), of IPv6 some from 64 on between those of sockets.
    /// </summary>
    private static IEnumerable<SeccompRule> Netfilter()
    {
        var missing = SeccompAction.Fail(Errno.ENOPROTOOPT);
        var rules = new List<SeccompRule>
        {
            new(Syscall.Socket, SeccompAction.Fail(Errno.EPROTONOSUPPORT), "nftables, conntrack, ipset", Is(0, AF_NETLINK), Is(2, NETLINK_NETFILTER)),
        };
        foreach (var call in (Syscall[])[Syscall.Setsockopt, Syscall.Getsockopt])
        {
            foreach (var first in (ulong[])[64, 128, 1152])
                rules.Add(new SeccompRule(call, missing, "iptables, arptables, ebtables, ipvs", Is(1, SOL_IP), Is(2, first, IntMask & ~63ul)));
            rules.Add(new SeccompRule(call, missing, "ip6tables", Is(1, SOL_IPV6), Is(2, 64, IntMask & ~1ul)));
        }
        rules.Add(new SeccompRule(Syscall.Getsockopt, missing, "extensions of ip6tables", Is(1, SOL_IPV6), Is(2, 68, IntMask & ~1ul)));
        rules.Add(new SeccompRule(Syscall.Getsockopt, missing, "where a connection went to before NAT", Is(1, SOL_IPV6), Is(2, 80)));
        return rules;
    }

    /// <summary>What CRIU 4.2 refuses or silently loses, each answered so that the usual programs go another way.</summary>
    private static IEnumerable<SeccompRule> Undumpable() =>
    [
        new(Syscall.Unshare, Eperm, "nested namespaces cannot be dumped; systemd goes on without", HasAny(0, UndumpableNamespaces | CLONE_NEWTIME)),
        new(Syscall.Clone, Eperm, "nested namespaces cannot be dumped", HasAny(0, UndumpableNamespaces)),
        new(Syscall.Clone3, Enosys, "its flags are behind a pointer; libc falls back to clone"),
        new(Syscall.Socket, SeccompAction.Fail(Errno.EPROTONOSUPPORT), "MPTCP sockets cannot be dumped; Go falls back to TCP", Is(2, IPPROTO_MPTCP)),
        new(Syscall.Socket, SeccompAction.Fail(Errno.EAFNOSUPPORT), "vsock sockets cannot be dumped", Is(0, AF_VSOCK)),
        new(Syscall.Userfaultfd, Enosys, "cannot be dumped"),
        new(Syscall.PerfEventOpen, Enosys, "cannot be dumped"),
        new(Syscall.MemfdSecret, Enosys, "cannot be dumped: not even the kernel reads it"),
        new(Syscall.MqOpen, Enosys, "descriptors of POSIX message queues cannot be dumped"),
        new(Syscall.LandlockCreateRuleset, Enosys, "a Landlock domain would be lost silently on restore"),
        new(Syscall.LandlockAddRule, Enosys, "as landlock_create_ruleset"),
        new(Syscall.LandlockRestrictSelf, Enosys, "as landlock_create_ruleset"),
    ];
}
