using System.Runtime.InteropServices;
using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Processes;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Syscalls;
using Insula.Linux.Terminals;

namespace Insula.Linux.Tests.Abi;

public class ConstantTests
{
    public static TheoryData<Architecture> Architectures => [Architecture.X64, Architecture.Arm64];

    [Theory, MemberData(nameof(Architectures))]
    public void Error_numbers_are_those_of_the_headers(Architecture architecture)
    {
        var unit = new AbiUnit("errno.h");
        foreach (var errno in Enum.GetValues<Errno>().Where(errno => errno != Errno.None))
            unit.Macro(errno.ToString(), (long)errno);
        unit.Verify(architecture);
    }

    [Theory, MemberData(nameof(Architectures))]
    public void No_error_number_is_missing(Architecture architecture)
    {
        var macros = CCompiler.For(architecture).Macros("#include <errno.h>\n");
        var unknown = macros.Where(macro => macro.Key.StartsWith('E') && int.TryParse(macro.Value, out _))
            .Where(macro => !Enum.IsDefined((Errno)int.Parse(macro.Value, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Empty(unknown.Select(macro => macro.Key));
    }

    [Theory, MemberData(nameof(Architectures))]
    public void Flags_of_open_are_those_of_the_headers(Architecture architecture)
    {
        // O_* of the kernel: libc redefines some (O_LARGEFILE is 0 there).
        var unit = new AbiUnit("asm/fcntl.h", "linux/openat2.h");
        foreach (var (name, flag) in new[]
        {
            ("O_RDONLY", OpenFlags.ReadOnly), ("O_WRONLY", OpenFlags.WriteOnly), ("O_RDWR", OpenFlags.ReadWrite), ("O_CREAT", OpenFlags.Create),
            ("O_EXCL", OpenFlags.Exclusive), ("O_NOCTTY", OpenFlags.NoControllingTerminal), ("O_TRUNC", OpenFlags.Truncate),
            ("O_APPEND", OpenFlags.Append), ("O_NONBLOCK", OpenFlags.NonBlocking), ("O_PATH", OpenFlags.Path),
            ("O_DIRECTORY", OpenFlags.Directory), ("O_NOFOLLOW", OpenFlags.NoFollow),
        })
            unit.That($"({name} | O_CLOEXEC) == {Files.NativeFlags(flag, architecture)}", name);
        unit.Macro("RESOLVE_NO_XDEV", (long)ResolveFlags.NoCrossMount)
            .Macro("RESOLVE_NO_MAGICLINKS", (long)ResolveFlags.NoMagicLinks)
            .Macro("RESOLVE_NO_SYMLINKS", (long)ResolveFlags.NoSymlinks)
            .Macro("RESOLVE_BENEATH", (long)ResolveFlags.Beneath)
            .Macro("RESOLVE_IN_ROOT", (long)ResolveFlags.InRoot)
            .Verify(architecture);
    }

    [Theory, MemberData(nameof(Architectures))]
    public void Flags_of_clone_are_those_of_the_headers(Architecture architecture)
        => new AbiUnit("linux/types.h", "linux/sched.h")
            .Macro("CLONE_NEWTIME", (long)CloneFlags.NewTime)
            .Macro("CLONE_VM", (long)CloneFlags.SharedMemory)
            .Macro("CLONE_PIDFD", (long)CloneFlags.PidFd)
            .Macro("CLONE_PARENT", (long)CloneFlags.SameParent)
            .Macro("CLONE_NEWNS", (long)CloneFlags.NewMount)
            .Macro("CLONE_NEWCGROUP", (long)CloneFlags.NewCgroup)
            .Macro("CLONE_NEWUTS", (long)CloneFlags.NewUts)
            .Macro("CLONE_NEWIPC", (long)CloneFlags.NewIpc)
            .Macro("CLONE_NEWUSER", (long)CloneFlags.NewUser)
            .Macro("CLONE_NEWPID", (long)CloneFlags.NewPid)
            .Macro("CLONE_NEWNET", (long)CloneFlags.NewNet)
            .Macro("CLONE_CLEAR_SIGHAND", (long)CloneFlags.ClearSignalHandlers)
            .Macro("CLONE_INTO_CGROUP", (long)CloneFlags.IntoCgroup)
            .That(
                $"(CLONE_NEWCGROUP|CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWUSER|CLONE_NEWPID) == {ContainerSeccompProfile.UndumpableNamespaces}",
                "the namespaces that cannot be dumped")
            .Macro("CLONE_NEWTIME", (long)ContainerSeccompProfile.CLONE_NEWTIME)
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Numbers_of_the_mount_calls_are_those_of_the_headers(Architecture architecture)
        => new AbiUnit("linux/mount.h", "linux/fcntl.h", "asm/fcntl.h")
            .Macro("MOUNT_ATTR_RDONLY", (long)MountAttributes.ReadOnly)
            .Macro("MOUNT_ATTR_NOSUID", (long)MountAttributes.NoSetUid)
            .Macro("MOUNT_ATTR_NODEV", (long)MountAttributes.NoDevices)
            .Macro("MOUNT_ATTR_NOEXEC", (long)MountAttributes.NoExec)
            .Macro("MOUNT_ATTR_NOATIME", (long)MountAttributes.NoAccessTime)
            .Macro("MOUNT_ATTR_IDMAP", (long)MountAttributes.IdMap)
            .Macro("FSOPEN_CLOEXEC", MountConstants.FsOpenCloseOnExec)
            .Macro("FSMOUNT_CLOEXEC", MountConstants.FsMountCloseOnExec)
            .Constant("FSCONFIG_SET_FLAG", MountConstants.ConfigSetFlag)
            .Constant("FSCONFIG_SET_STRING", MountConstants.ConfigSetString)
            .Constant("FSCONFIG_SET_FD", MountConstants.ConfigSetDescriptor)
            .Constant("FSCONFIG_CMD_CREATE", MountConstants.ConfigCreate)
            .Macro("OPEN_TREE_CLONE", MountConstants.OpenTreeClone)
            .Macro("OPEN_TREE_CLOEXEC", MountConstants.OpenTreeCloseOnExec)
            .Macro("AT_RECURSIVE", MountConstants.AtRecursive)
            .Macro("AT_EMPTY_PATH", MountConstants.AtEmptyPath)
            .That($"(MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) == {MountConstants.MoveBetweenDescriptors}", "MOVE_MOUNT_*")
            .Macro("MOVE_MOUNT_F_EMPTY_PATH", MountConstants.MoveFromDescriptor)
            .Macro("MS_UNBINDABLE", MountConstants.PropagationUnbindable)
            .Macro("MS_PRIVATE", MountConstants.PropagationPrivate)
            .Macro("MS_SLAVE", MountConstants.PropagationSlave)
            .Macro("AT_FDCWD", Files.CurrentDirectory)
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Numbers_of_umount_are_those_of_the_headers(Architecture architecture)
        => new AbiUnit("sys/mount.h")
            .Constant("MNT_DETACH", MountConstants.UnmountDetach)
            .Constant("UMOUNT_NOFOLLOW", MountConstants.UnmountNoFollow)
            .Constant("MNT_FORCE", (long)ContainerSeccompProfile.MNT_FORCE)
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Capabilities_have_the_bits_of_the_headers(Architecture architecture)
    {
        var unit = new AbiUnit("linux/capability.h", "linux/prctl.h");
        foreach (var capability in Enum.GetValues<Capability>())
            unit.Macro("CAP_" + CapabilityNames.Name(capability).ToUpperInvariant(), (long)capability);
        unit.Macro("_LINUX_CAPABILITY_VERSION_3", CapabilityHeader.Version3).Verify(architecture);
    }

    [Theory, MemberData(nameof(Architectures))]
    public void Numbers_of_seccomp_are_those_of_the_headers(Architecture architecture)
        => new AbiUnit("linux/seccomp.h", "linux/filter.h", "linux/audit.h", "linux/elf-em.h")
            .Macro("SECCOMP_SET_MODE_FILTER", SeccompProgram.SetModeFilter)
            .Macro32("SECCOMP_RET_ALLOW", SeccompAction.Allow.Value)
            .Macro32("SECCOMP_RET_KILL_PROCESS", SeccompAction.KillProcess.Value)
            .That($"(SECCOMP_RET_ERRNO | 1) == {SeccompAction.Fail(Errno.EPERM).Value}", "SECCOMP_RET_ERRNO")
            .Macro32("AUDIT_ARCH_X86_64", SeccompCompiler.ArchX64)
            .Macro32("AUDIT_ARCH_I386", SeccompCompiler.ArchI386)
            .Macro32("AUDIT_ARCH_AARCH64", SeccompCompiler.ArchArm64)
            .Macro32("AUDIT_ARCH_ARM", SeccompCompiler.ArchArm)
            .Macro("BPF_MAXINSNS", SeccompProgram.LongestProgram)
            .That($"(BPF_LD|BPF_W|BPF_ABS) == {SockFilter.Load}", "load")
            .That($"(BPF_JMP|BPF_JA) == {SockFilter.Jump}", "jump")
            .That($"(BPF_JMP|BPF_JEQ|BPF_K) == {SockFilter.JumpIfEqual}", "jump if equal")
            .That($"(BPF_JMP|BPF_JGE|BPF_K) == {SockFilter.JumpIfAtLeast}", "jump if at least")
            .That($"(BPF_ALU|BPF_AND|BPF_K) == {SockFilter.And}", "and")
            .That($"(BPF_RET|BPF_K) == {SockFilter.Return}", "return")
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void What_the_filter_compares_arguments_with_is_that_of_the_headers(Architecture architecture)
        => new AbiUnit("sys/socket.h", "netinet/in.h", "sys/personality.h", "asm/ioctls.h", "linux/tiocl.h")
            .Macro("AF_VSOCK", (long)ContainerSeccompProfile.AF_VSOCK)
            .Constant("IPPROTO_MPTCP", (long)ContainerSeccompProfile.IPPROTO_MPTCP)
            .Macro("TIOCSTI", (long)ContainerSeccompProfile.TIOCSTI)
            .Macro("TIOCLINUX", (long)ContainerSeccompProfile.TIOCLINUX)
            .That(
                "(PER_LINUX32|UNAME26|ADDR_NO_RANDOMIZE|ADDR_COMPAT_LAYOUT|READ_IMPLIES_EXEC|ADDR_LIMIT_32BIT|ADDR_LIMIT_3GB) == "
                    + ContainerSeccompProfile.PersonalityUsual, "the usual personalities")
            .That("AF_UNIX == 1 && AF_INET == 2 && AF_INET6 == 10 && AF_KEY == 15 && AF_NETLINK == 16", "families of sockets")
            .That("AF_PACKET == 17 && AF_PPPOX == 24", "families of sockets")
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Requests_to_terminals_are_those_of_the_headers(Architecture architecture)
        => new AbiUnit("asm/termbits.h", "asm/termios.h", "asm/ioctls.h", "linux/magic.h")
            .Macro32("TCGETS", Terminal.TCGETS)
            .Macro32("TCSETS", Terminal.TCSETS)
            .Macro32("TCSETSW", Terminal.TCSETSW)
            .Macro32("TIOCSCTTY", Terminal.TIOCSCTTY)
            .Macro32("TIOCGWINSZ", Terminal.TIOCGWINSZ)
            .Macro32("TIOCSWINSZ", Terminal.TIOCSWINSZ)
            .Macro32("TIOCGPTN", unchecked((uint)PseudoTerminal.TIOCGPTN))
            .Macro32("TIOCSPTLCK", PseudoTerminal.TIOCSPTLCK)
            .Macro32("TIOCGPTPEER", PseudoTerminal.TIOCGPTPEER)
            .Macro("DEVPTS_SUPER_MAGIC", PseudoTerminal.DevptsMagic)
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Modes_of_terminals_are_those_of_the_headers(Architecture architecture)
    {
        var unit = new AbiUnit("asm/termbits.h");
        foreach (var (name, value) in new[]
        {
            ("IGNBRK", TerminalSettings.IGNBRK), ("BRKINT", TerminalSettings.BRKINT), ("PARMRK", TerminalSettings.PARMRK),
            ("ISTRIP", TerminalSettings.ISTRIP), ("INLCR", TerminalSettings.INLCR), ("IGNCR", TerminalSettings.IGNCR),
            ("ICRNL", TerminalSettings.ICRNL), ("IXON", TerminalSettings.IXON), ("OPOST", TerminalSettings.OPOST),
            ("ISIG", TerminalSettings.ISIG), ("ICANON", TerminalSettings.ICANON), ("ECHO", TerminalSettings.ECHO),
            ("ECHONL", TerminalSettings.ECHONL), ("IEXTEN", TerminalSettings.IEXTEN), ("CSIZE", TerminalSettings.CSIZE),
            ("PARENB", TerminalSettings.PARENB), ("CS8", TerminalSettings.CS8), ("VEOF", (uint)TerminalSettings.VEOF),
            ("VTIME", (uint)TerminalSettings.VTIME), ("VMIN", (uint)TerminalSettings.VMIN),
        })
            unit.Macro32(name, value);
        unit.Verify(architecture);
    }

    [Theory, MemberData(nameof(Architectures))]
    public void Events_of_poll_are_those_of_the_headers(Architecture architecture)
        => new AbiUnit("asm/poll.h").Macro("POLLIN", PollEntry.Input).Macro("POLLOUT", PollEntry.Output).Verify(architecture);

    [Fact]
    public void A_wrong_constant_is_noticed()
    {
        CCompiler.For(RuntimeInformation.ProcessArchitecture);
        var unit = new AbiUnit("errno.h").Macro("ENOENT", 3);
        var error = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => unit.Verify(RuntimeInformation.ProcessArchitecture));
        Assert.Contains("ENOENT is not 3", error.Message, StringComparison.Ordinal);
    }
}
