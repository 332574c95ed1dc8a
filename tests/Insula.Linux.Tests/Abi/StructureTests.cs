using System.Runtime.InteropServices;
using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Processes;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Syscalls;
using Insula.Linux.Terminals;

namespace Insula.Linux.Tests.Abi;

public class StructureTests
{
    public static TheoryData<Architecture> Architectures => [Architecture.X64, Architecture.Arm64];

    [Theory, MemberData(nameof(Architectures))]
    public void Arguments_of_file_and_mount_calls_are_laid_out_as_in_C(Architecture architecture)
        => new AbiUnit("linux/openat2.h", "linux/mount.h")
            .Structure<Files.OpenHow>("struct open_how", ("flags", "Flags"), ("mode", "Mode"), ("resolve", "Resolve"))
            .Structure<MountAttr>(
                "struct mount_attr", ("attr_set", "Set"), ("attr_clr", "Clear"), ("propagation", "Propagation"), ("userns_fd", "UserNamespace"))
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Arguments_of_clone3_are_laid_out_as_in_C(Architecture architecture)
        => new AbiUnit("linux/types.h", "linux/sched.h")
            .Structure<CloneArguments>(
                "struct clone_args", ("flags", "Flags"), ("pidfd", "PidFd"), ("child_tid", "ChildTid"), ("parent_tid", "ParentTid"),
                ("exit_signal", "ExitSignal"), ("stack", "Stack"), ("stack_size", "StackSize"), ("tls", "Tls"), ("set_tid", "SetTid"),
                ("set_tid_size", "SetTidSize"), ("cgroup", "Cgroup"))
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Filters_are_laid_out_as_in_C(Architecture architecture)
        => new AbiUnit("linux/filter.h", "linux/seccomp.h")
            .Structure<SockFilter>("struct sock_filter", ("code", "Code"), ("jt", "WhenTrue"), ("jf", "WhenFalse"), ("k", "K"))
            .Structure<SockFilterProgram>("struct sock_fprog", ("len", "Length"), ("filter", "Filter"))
            .That("offsetof(struct seccomp_data, nr) == 0 && offsetof(struct seccomp_data, arch) == 4", "seccomp_data: number or arch")
            .That("offsetof(struct seccomp_data, args) == 16 && sizeof(struct seccomp_data) == 64", "seccomp_data: arguments")
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Questions_of_filters_are_laid_out_as_in_C(Architecture architecture)
        => new AbiUnit("linux/seccomp.h", "sys/ioctl.h", "sys/sysinfo.h")
            .Structure<SeccompQuestion>("struct seccomp_notif", ("id", "Id"), ("pid", "Thread"), ("flags", "Flags"), ("data.nr", "Number"), ("data.arch", "Architecture"))
            .That("offsetof(struct seccomp_notif, data.args) == 32", "seccomp_notif: arguments")
            .Structure<SeccompAnswer>("struct seccomp_notif_resp", ("id", "Id"), ("val", "Value"), ("error", "Error"), ("flags", "Flags"))
            .Macro32("SECCOMP_IOCTL_NOTIF_RECV", SeccompListener.Receive)
            .Macro32("SECCOMP_IOCTL_NOTIF_SEND", SeccompListener.Send)
            .Macro32("SECCOMP_IOCTL_NOTIF_ID_VALID", SeccompListener.IdValid)
            .Macro("SECCOMP_USER_NOTIF_FLAG_CONTINUE", SeccompListener.Continue)
            .That($"(SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV) == {SeccompProgram.WithListener}", "flags for a listener")
            .Macro32("SECCOMP_RET_USER_NOTIF", SeccompAction.Ask.Value)
            .Structure<SystemInformation.Native>(
                "struct sysinfo", ("uptime", "Uptime"), ("loads[0]", "Load1"), ("totalram", "TotalRam"), ("freeram", "FreeRam"), ("sharedram", "SharedRam"),
                ("bufferram", "BufferRam"), ("totalswap", "TotalSwap"), ("freeswap", "FreeSwap"), ("procs", "Processes"), ("totalhigh", "TotalHigh"),
                ("freehigh", "FreeHigh"), ("mem_unit", "Unit"))
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Capability_sets_are_laid_out_as_in_C(Architecture architecture)
        => new AbiUnit("linux/capability.h")
            .Structure<CapabilityHeader>("struct __user_cap_header_struct", ("version", "Version"), ("pid", "Pid"))
            .Fields<CapabilityData>(
                "struct __user_cap_data_struct", ("effective", "EffectiveLow"), ("permitted", "PermittedLow"), ("inheritable", "InheritableLow"))
            .That($"2 * sizeof(struct __user_cap_data_struct) == {Marshal.SizeOf<CapabilityData>()}", "two data structures of version 3")
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Poll_time_and_wait_structures_are_laid_out_as_in_C(Architecture architecture)
        => new AbiUnit("poll.h", "signal.h", "time.h")
            .Structure<PollEntry>("struct pollfd", ("fd", "Descriptor"), ("events", "Events"), ("revents", "Returned"))
            .Structure<TimeSpec>("struct timespec", ("tv_sec", "Seconds"), ("tv_nsec", "Nanoseconds"))
            .Structure<PidFd.SigInfo>(
                "siginfo_t", ("si_signo", "Signal"), ("si_errno", "Errno"), ("si_code", "Code"), ("si_pid", "Pid"), ("si_uid", "Uid"),
                ("si_status", "Status"))
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void The_kernels_signal_set_has_eight_bytes(Architecture architecture)
        => new AbiUnit("asm/signal.h").That($"sizeof(sigset_t) == {SignalMask.KernelSetSize}", "sigset_t").Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Terminals_are_laid_out_as_in_C(Architecture architecture)
        => new AbiUnit("asm/termbits.h", "asm/termios.h", "asm/statfs.h")
            .Structure<TerminalSettings>(
                "struct termios", ("c_iflag", "InputModes"), ("c_oflag", "OutputModes"), ("c_cflag", "ControlModes"),
                ("c_lflag", "LocalModes"), ("c_line", "LineDiscipline"), ("c_cc", "Characters"))
            .Structure<WindowSize>(
                "struct winsize", ("ws_row", "Rows"), ("ws_col", "Columns"), ("ws_xpixel", "PixelWidth"), ("ws_ypixel", "PixelHeight"))
            .Structure<PseudoTerminal.FileSystemStatus>("struct statfs", ("f_type", "Type"))
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void What_statx_fills_in_is_laid_out_as_in_C(Architecture architecture)
        => new AbiUnit("linux/stat.h")
            .Structure<Linux.FileTrees.FileStatus.Raw>(
                "struct statx", ("stx_nlink", "Links"), ("stx_uid", "User"), ("stx_gid", "Group"), ("stx_mode", "Mode"), ("stx_ino", "Inode"),
                ("stx_size", "Size"), ("stx_blocks", "Blocks"), ("stx_ctime.tv_sec", "ChangedSeconds"),
                ("stx_ctime.tv_nsec", "ChangedNanoseconds"), ("stx_mtime.tv_sec", "ModifiedSeconds"),
                ("stx_mtime.tv_nsec", "ModifiedNanoseconds"), ("stx_dev_major", "DeviceMajor"))
            .Structure<DeviceNumbers.StatxBuffer>(
                "struct statx", ("stx_mode", "Mode"), ("stx_rdev_major", "DeviceMajor"), ("stx_rdev_minor", "DeviceMinor"))
            .Verify(architecture);

    [Fact]
    public void A_wrong_layout_is_noticed()
    {
        CCompiler.For(RuntimeInformation.ProcessArchitecture);
        var unit = new AbiUnit("linux/openat2.h").Structure<Files.OpenHow>("struct open_how", ("mode", "Resolve"));
        var error = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => unit.Verify(RuntimeInformation.ProcessArchitecture));
        Assert.Contains("struct open_how.mode is not at 16", error.Message, StringComparison.Ordinal);
    }
}
