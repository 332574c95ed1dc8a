using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;
using static Insula.Linux.Bpf.BpfRegister;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// numothersock, as far as it is not internet sockets: unix, netlink, packet and all other families, from socket(2), socketpair(2) or
/// accept(2) until the socket's inode is freed by the last close(2). Beyond the barrier the call fails with ENOBUFS. A thread that waits
/// in accept(2) holds the socket that it waits for already.
/// </summary>
internal static class SocketPrograms
{
    private const int AF_INET = 2;
    private const int AF_INET6 = 10;
    private const int FormatMask = 0xF000; // S_IFMT
    private const int FormatSocket = 0xC000; // S_IFSOCK
    private const int KeySlot = -16;
    private const int ValueSlot = -24;

    private static BeancounterResource Sockets => BeancounterResources.OtherSockets;

    public static IEnumerable<HostProgram> Write(ProgramMaps maps, KernelFields fields)
    {
        yield return new HostProgram("insula_socket", BpfAttachType.ModifyReturn, "security_socket_post_create", Create(new ProgramWriter(maps, fields)));
        yield return new HostProgram("insula_accept", BpfAttachType.ModifyReturn, "security_socket_accept", Accept(new ProgramWriter(maps, fields)));
        yield return new HostProgram("insula_sockend", BpfAttachType.FunctionEntry, "security_inode_free", Free(new ProgramWriter(maps, fields)));
    }

    // int security_socket_post_create(struct socket *sock, int family, int type, int protocol, int kern)
    private static BpfInstruction[] Create(ProgramWriter writer)
    {
        var code = writer.Code;
        var pass = code.NewLabel();
        code.Load(R2, R1, 4 * 8);
        code.Move32(R2, R2);
        code.JumpIfNotEqual(R2, 0, pass);
        code.Load(R2, R1, 1 * 8);
        code.Move32(R2, R2);
        LeaveInternet(code, R2, pass);
        code.Load(R7, R1, 0);
        Charge(writer, R7, pass);
        return code.Assemble();
    }

    // int security_socket_accept(struct socket *sock, struct socket *newsock)
    private static BpfInstruction[] Accept(ProgramWriter writer)
    {
        var code = writer.Code;
        var pass = code.NewLabel();
        code.Load(R2, R1, 0);
        code.Load(R2, R2, writer.Fields.Offset("socket.sk"));
        code.Load(BpfSize.Half, R2, R2, writer.Fields.Offset("sock.__sk_common.skc_family"));
        LeaveInternet(code, R2, pass);
        code.Load(R7, R1, 8);
        Charge(writer, R7, pass);
        return code.Assemble();
    }

    // void security_inode_free(struct inode *inode): most inodes are no sockets.
    private static BpfInstruction[] Free(ProgramWriter writer)
    {
        var code = writer.Code;
        var end = code.NewLabel();
        code.Load(R7, R1, 0);
        code.Load(BpfSize.Half, R2, R7, writer.Fields.Offset("inode.i_mode"));
        code.And(R2, FormatMask);
        code.JumpIfNotEqual(R2, FormatSocket, end);
        writer.LeaveUnlessInForce(end);
        code.Store(R10, KeySlot, R7);
        writer.Lookup(writer.Maps.Sockets, KeySlot, end);
        code.LoadWord(R8, R0, 0);
        writer.Delete(writer.Maps.Sockets, KeySlot);
        writer.FindAccountOf(R8, end);
        writer.GiveBackOne(Sockets);
        code.Place(end);
        code.Return(0);
        return code.Assemble();
    }

    // The programs on the container's own group count these.
    private static void LeaveInternet(BpfAssembler code, BpfRegister family, BpfLabel pass)
    {
        code.JumpIfEqual(family, AF_INET, pass);
        code.JumpIfEqual(family, AF_INET6, pass);
    }

    private static void Charge(ProgramWriter writer, BpfRegister socket, BpfLabel pass)
    {
        var code = writer.Code;
        var refuse = code.NewLabel();
        // struct socket_alloc holds the socket and its inode; the address of the inode is all that is known when it is freed.
        code.Move(R9, socket);
        code.Add(R9, writer.Fields.Offset("socket_alloc.vfs_inode") - writer.Fields.Offset("socket_alloc.socket"));
        writer.LoadCurrentNamespace(R8);
        writer.FindAccount(R8, pass);
        writer.ChargeOne(Sockets, refuse, pass);
        code.Store(R10, KeySlot, R9);
        writer.LoadAccountId(R1);
        code.Store(BpfSize.Word, R10, ValueSlot, R1);
        writer.Update(writer.Maps.Sockets, KeySlot, ValueSlot);
        code.JumpIfEqual(R0, 0, pass);
        // No room to remember whose it is: it cannot be given back, so it is not counted.
        writer.GiveBackOne(Sockets);
        code.Place(pass);
        code.Return(0);
        code.Place(refuse);
        writer.Refuse(Errno.ENOBUFS);
    }
}
