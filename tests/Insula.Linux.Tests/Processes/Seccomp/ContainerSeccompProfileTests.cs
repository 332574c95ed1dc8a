using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Insula.Linux.Processes.Seccomp;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Processes.Seccomp;

public class ContainerSeccompProfileTests
{
    private static readonly SeccompProgram DefaultX64 = SeccompCompiler.Compile(ContainerSeccompProfile.Default, Architecture.X64);
    private static readonly SeccompProgram MigratableX64 = SeccompCompiler.Compile(ContainerSeccompProfile.Migratable, Architecture.X64);

    [Theory]
    [InlineData(Syscall.KexecLoad, Errno.EPERM)]
    [InlineData(Syscall.KexecFileLoad, Errno.EPERM)]
    [InlineData(Syscall.InitModule, Errno.EPERM)]
    [InlineData(Syscall.FinitModule, Errno.EPERM)]
    [InlineData(Syscall.DeleteModule, Errno.EPERM)]
    [InlineData(Syscall.OpenByHandleAt, Errno.EPERM)]
    [InlineData(Syscall.Bpf, Errno.EPERM)]
    [InlineData(Syscall.PerfEventOpen, Errno.EPERM)]
    [InlineData(Syscall.Userfaultfd, Errno.EPERM)]
    [InlineData(Syscall.IoUringSetup, Errno.ENOSYS)]
    [InlineData(Syscall.Swapon, Errno.EPERM)]
    [InlineData(Syscall.Settimeofday, Errno.EPERM)]
    [InlineData(Syscall.ClockSettime, Errno.EPERM)]
    [InlineData(Syscall.Nfsservctl, Errno.ENOSYS)]
    public void The_dangerous_calls_fail(Syscall call, Errno errno) => Assert.Equal(errno, Answer(DefaultX64, call));

    [Theory]
    [InlineData(Syscall.Reboot)]
    [InlineData(Syscall.Mount)]
    [InlineData(Syscall.PivotRoot)]
    [InlineData(Syscall.SetNs)]
    [InlineData(Syscall.Clone3)]
    [InlineData(Syscall.Keyctl)]
    [InlineData(Syscall.AddKey)]
    [InlineData(Syscall.Adjtimex)]
    [InlineData(Syscall.NameToHandleAt)]
    [InlineData(Syscall.Ptrace)]
    [InlineData(Syscall.ModifyLdt)]
    [InlineData(Syscall.Vhangup)]
    public void What_a_whole_system_needs_is_allowed(Syscall call) => Assert.Equal(Errno.None, Answer(DefaultX64, call));

    [Theory]
    [InlineData(0x10000000ul)]
    [InlineData(0x04000000ul)]
    [InlineData(0x20000011ul)]
    public void Nested_namespaces_work_by_default_and_fail_where_they_could_not_be_dumped(ulong flags)
    {
        Assert.Equal(Errno.None, Answer(DefaultX64, Syscall.Unshare, flags));
        Assert.Equal(Errno.None, Answer(DefaultX64, Syscall.Clone, flags));
        Assert.Equal(Errno.EPERM, Answer(MigratableX64, Syscall.Unshare, flags));
        Assert.Equal(Errno.EPERM, Answer(MigratableX64, Syscall.Clone, flags));
    }

    [Theory]
    [InlineData(0x00020000ul)]
    [InlineData(0x40000000ul)]
    [InlineData(0x003d0f00ul)]
    [InlineData(0x01200011ul)]
    public void Threads_forks_and_mount_and_network_namespaces_can_be_dumped(ulong flags)
    {
        Assert.Equal(Errno.None, Answer(MigratableX64, Syscall.Unshare, flags));
        Assert.Equal(Errno.None, Answer(MigratableX64, Syscall.Clone, flags));
    }

    [Theory]
    [InlineData(Syscall.Clone3, Errno.ENOSYS)]
    [InlineData(Syscall.Userfaultfd, Errno.ENOSYS)]
    [InlineData(Syscall.PerfEventOpen, Errno.ENOSYS)]
    [InlineData(Syscall.MemfdSecret, Errno.ENOSYS)]
    [InlineData(Syscall.MqOpen, Errno.ENOSYS)]
    [InlineData(Syscall.LandlockCreateRuleset, Errno.ENOSYS)]
    [InlineData(Syscall.IoUringEnter, Errno.ENOSYS)]
    public void What_cannot_be_dumped_does_not_exist_in_the_migratable_profile(Syscall call, Errno errno)
        => Assert.Equal(errno, Answer(MigratableX64, call));

    [Fact]
    public void A_multipath_socket_is_answered_so_that_Go_falls_back()
    {
        Assert.Equal(Errno.None, Answer(DefaultX64, Syscall.Socket, 2, 1, 262));
        Assert.Equal(Errno.EPROTONOSUPPORT, Answer(MigratableX64, Syscall.Socket, 2, 1, 262));
        Assert.Equal(Errno.EPROTONOSUPPORT, Answer(MigratableX64, Syscall.Socket, 10, 1, 262 | 0xdead00000000));
    }

    [Theory]
    [InlineData(0ul, Errno.EAFNOSUPPORT)]
    [InlineData(1ul, Errno.None)]
    [InlineData(2ul, Errno.None)]
    [InlineData(10ul, Errno.None)]
    [InlineData(16ul, Errno.None)]
    [InlineData(17ul, Errno.None)]
    [InlineData(38ul, Errno.EAFNOSUPPORT)]
    [InlineData(40ul, Errno.EAFNOSUPPORT)]
    [InlineData(30ul, Errno.EAFNOSUPPORT)]
    [InlineData(0xffffffff00000026ul, Errno.EAFNOSUPPORT)]
    [InlineData(0xffffffff00000002ul, Errno.None)]
    public void Only_the_address_families_of_a_whole_system_are_had(ulong family, Errno errno)
        => Assert.Equal(errno, Answer(DefaultX64, Syscall.Socket, family, 2, 0));

    [Theory]
    [InlineData(0x5412ul, Errno.EIO)]
    [InlineData(0xabcd00005412ul, Errno.EIO)]
    [InlineData(0x541Cul, Errno.EPERM)]
    [InlineData(0x5413ul, Errno.None)]
    [InlineData(0x5401ul, Errno.None)]
    public void Nobody_types_into_a_terminal_also_not_with_noise_in_the_upper_half(ulong request, Errno errno)
        => Assert.Equal(errno, Answer(DefaultX64, Syscall.IoCtl, 0, request));

    [Theory]
    [InlineData(0ul, Errno.None)]
    [InlineData(8ul, Errno.None)]
    [InlineData(0x0040000ul, Errno.None)]
    [InlineData(0xfffffffful, Errno.None)]
    [InlineData(0x0100000ul, Errno.EPERM)]
    [InlineData(1ul, Errno.EPERM)]
    [InlineData(0x10ul, Errno.EPERM)]
    [InlineData(0xffful, Errno.EPERM)]
    public void Personality_takes_the_usual_values_only(ulong value, Errno errno)
        => Assert.Equal(errno, Answer(DefaultX64, Syscall.Personality, value));

    [Theory]
    [InlineData(Syscall.Socket, 16ul, 12ul, Errno.EPROTONOSUPPORT)]
    [InlineData(Syscall.Socket, 16ul, 0ul, Errno.None)]
    [InlineData(Syscall.Socket, 2ul, 12ul, Errno.None)]
    [InlineData(Syscall.Setsockopt, 0ul, 64ul, Errno.ENOPROTOOPT)]
    [InlineData(Syscall.Setsockopt, 0xff00000000ul, 0xff00000041ul, Errno.ENOPROTOOPT)]
    [InlineData(Syscall.Setsockopt, 41ul, 64ul, Errno.ENOPROTOOPT)]
    [InlineData(Syscall.Setsockopt, 41ul, 67ul, Errno.None)]
    [InlineData(Syscall.Setsockopt, 0ul, 2ul, Errno.None)]
    [InlineData(Syscall.Setsockopt, 1ul, 64ul, Errno.None)]
    [InlineData(Syscall.Getsockopt, 0ul, 80ul, Errno.ENOPROTOOPT)]
    [InlineData(Syscall.Getsockopt, 0ul, 129ul, Errno.ENOPROTOOPT)]
    [InlineData(Syscall.Getsockopt, 41ul, 80ul, Errno.ENOPROTOOPT)]
    [InlineData(Syscall.Getsockopt, 41ul, 66ul, Errno.None)]
    public void Netfilter_can_be_taken_away_and_nothing_else_with_it(Syscall call, ulong familyOrLevel, ulong protocolOrOption, Errno errno)
    {
        var program = SeccompCompiler.Compile(ContainerSeccompProfile.WithoutNetfilter(ContainerSeccompProfile.Default), Architecture.X64);
        ulong[] arguments = call == Syscall.Socket ? [familyOrLevel, 3, protocolOrOption] : [3, familyOrLevel, protocolOrOption];
        Assert.Equal(errno, Answer(program, call, arguments));
    }

    [Fact]
    public void A_key_is_found_but_never_asked_of_the_host()
    {
        Assert.Equal(Errno.None, Answer(DefaultX64, Syscall.RequestKey, 1, 2, 0));
        Assert.Equal(Errno.ENOKEY, Answer(DefaultX64, Syscall.RequestKey, 1, 2, 0x7fff00000000));
    }

    [Fact]
    public void A_forced_unmount_fails_and_a_lazy_one_does_not()
    {
        Assert.Equal(Errno.EPERM, Answer(DefaultX64, Syscall.Umount2, 1, 1));
        Assert.Equal(Errno.None, Answer(DefaultX64, Syscall.Umount2, 1, 2));
    }

    [Fact]
    public void Calls_can_be_granted()
    {
        var profile = ContainerSeccompProfile.Default.Without(Syscall.IoUringSetup, Syscall.IoUringEnter, Syscall.IoUringRegister);
        Assert.Equal(Errno.None, Answer(SeccompCompiler.Compile(profile, Architecture.X64), Syscall.IoUringSetup));
    }

    /// <summary>Sample row: <c>| kexec_load | EPERM | … |</c></summary>
    [Theory]
    [InlineData("default")]
    [InlineData("migratable")]
    [InlineData("asking")]
    [InlineData("without netfilter")]
    public void The_document_has_a_row_for_every_refusal_with_the_same_error(string profileName)
    {
        var profile = profileName switch
        {
            "default" => ContainerSeccompProfile.Default,
            "without netfilter" => ContainerSeccompProfile.WithoutNetfilter(ContainerSeccompProfile.Default),
            "asking" => ContainerSeccompProfile.WithOwnSysInfo(ContainerSeccompProfile.Default),
            _ => ContainerSeccompProfile.Migratable,
        };
        var rows = File.ReadAllLines(DocumentPath()).Where(line => line.StartsWith('|')).Select(line => line.Split('|')).ToList();
        foreach (var rule in profile.Rules.Where(rule => rule.Action != SeccompAction.Allow))
        {
            Assert.Contains(rows, row => row[1].Contains($"`{SyscallTable.Name(rule.Call)}`", StringComparison.Ordinal)
                && row[2].Contains(rule.Action.ToString(), StringComparison.Ordinal));
        }
    }

    private static string DocumentPath([CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../../docs/seccomp.md"));

    private static Errno Answer(SeccompProgram program, Syscall call, params ulong[] arguments)
    {
        var number = (uint)SyscallTable.Number(call, Architecture.X64);
        return new SeccompAction(ClassicBpf.Run(program.Instructions, new SeccompData(number, SeccompCompiler.ArchX64, arguments))).Errno;
    }
}
