using System.Runtime.InteropServices;
using Insula.Linux.Nftables;
using Insula.Linux.Processes;
using Insula.Linux.Sockets;
using Insula.Linux.Tests.Abi;

namespace Insula.Linux.Tests.Sockets;

public class DiagnosticAbiTests
{
    public static TheoryData<Architecture> Architectures => [Architecture.X64, Architecture.Arm64];

    [Theory, MemberData(nameof(Architectures))]
    public void Requests_and_answers_of_sock_diag_are_laid_out_as_in_C(Architecture architecture)
        => new AbiUnit("linux/sock_diag.h", "linux/inet_diag.h", "linux/unix_diag.h")
            .Structure<InetSocketId>(
                "struct inet_diag_sockid", ("idiag_sport", "SourcePort"), ("idiag_dport", "DestinationPort"), ("idiag_src", "Source"),
                ("idiag_dst", "Destination"), ("idiag_if", "Interface"), ("idiag_cookie", "Cookie"))
            .Structure<InetRequest>(
                "struct inet_diag_req_v2", ("sdiag_family", "Family"), ("sdiag_protocol", "Protocol"), ("idiag_ext", "Extensions"),
                ("idiag_states", "States"), ("id", "Id"))
            .Structure<InetAnswer>("struct inet_diag_msg", ("idiag_family", "Family"), ("idiag_state", "State"), ("id", "Id"), ("idiag_inode", "Inode"))
            .Structure<UnixRequest>(
                "struct unix_diag_req", ("sdiag_family", "Family"), ("udiag_states", "States"), ("udiag_ino", "Inode"), ("udiag_show", "Show"),
                ("udiag_cookie", "Cookie"))
            .Structure<UnixAnswer>("struct unix_diag_msg", ("udiag_family", "Family"), ("udiag_type", "Type"), ("udiag_ino", "Inode"), ("udiag_cookie", "Cookie"))
            .Constant("SOCK_DIAG_BY_FAMILY", Diagnostic.ByFamily).Constant("INET_DIAG_SKMEMINFO", Diagnostic.InetMemory)
            .Constant("UNIX_DIAG_MEMINFO", Diagnostic.UnixMemory).Constant("UDIAG_SHOW_MEMINFO", (int)Diagnostic.ShowMemory)
            .Constant("SK_MEMINFO_RMEM_ALLOC", Diagnostic.ReceiveAllocated).Constant("SK_MEMINFO_WMEM_ALLOC", Diagnostic.SendAllocated)
            .Constant("SK_MEMINFO_WMEM_QUEUED", Diagnostic.SendQueued)
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Tables_of_iptables_are_laid_out_as_in_C(Architecture architecture)
        => new AbiUnit("netinet/in.h", "linux/netfilter_ipv4/ip_tables.h")
            .Structure<LegacyRuleCount.TableInformation>(
                "struct ipt_getinfo", ("name", "Name"), ("valid_hooks", "Hooks"), ("hook_entry", "HookEntry"), ("underflow", "Underflow"),
                ("num_entries", "Entries"), ("size", "Size"))
            .Constant("IPT_SO_GET_INFO", 64)
            .Verify(architecture);

    [Theory, MemberData(nameof(Architectures))]
    public void Resource_limits_have_the_numbers_of_the_headers(Architecture architecture)
        => new AbiUnit("linux/resource.h")
            .Constant("RLIMIT_DATA", (int)ProcessLimit.Data).Constant("RLIMIT_NOFILE", (int)ProcessLimit.OpenFiles)
            .Constant("RLIMIT_MEMLOCK", (int)ProcessLimit.LockedMemory).Constant("RLIMIT_SIGPENDING", (int)ProcessLimit.QueuedSignals)
            .That("sizeof(struct rlimit64) == 16 && offsetof(struct rlimit64, rlim_cur) == 0 && offsetof(struct rlimit64, rlim_max) == 8", "rlimit64")
            .Verify(architecture);

    [Fact]
    public void What_a_socket_of_this_process_holds_is_seen()
    {
        var before = ReadMemory();
        using var sender = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp);
        using var receiver = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Dgram, System.Net.Sockets.ProtocolType.Udp);
        receiver.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        const int datagrams = 20, size = 1000;
        for (var i = 0; i < datagrams; i++)
            sender.SendTo(new byte[size], receiver.LocalEndPoint!);
        // Other sockets of the host come and go meanwhile, but none of a test fills this much.
        Assert.True(ReadMemory().DatagramReceive >= before.DatagramReceive + (datagrams * size / 2));
    }

    private static SocketMemory ReadMemory()
    {
        const int AF_NETLINK = 16, SOCK_RAW = 3, SOCK_CLOEXEC = 0x80000;
        using var diagnostics = new SocketDiagnostics(new Linux.Syscalls.FileDescriptor((int)Linux.Syscalls.Kernel.Check(
            Linux.Syscalls.Kernel.Call(Linux.Syscalls.Syscall.Socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, SocketDiagnostics.Protocol), "open", "a socket")));
        return diagnostics.ReadMemory();
    }
}
