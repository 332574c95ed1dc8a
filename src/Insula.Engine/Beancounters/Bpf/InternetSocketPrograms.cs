using Insula.Linux.Bpf;
using Insula.Linux.Syscalls;
using static Insula.Linux.Bpf.BpfRegister;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>
/// numtcpsock and numothersock of the internet families, by programs on the container's own cgroup; each carries the container's number.
/// socket(2) beyond the barrier fails with ENOBUFS. A connection that comes in counts from its handshake on; beyond the barrier packets
/// for listening sockets are dropped, so that who connects tries again.
/// </summary>
internal static class InternetSocketPrograms
{
    private const ulong TcpMark = 1;
    private const ulong OtherMark = 2;

    private const int CreateStorage = 1; // BPF_SK_STORAGE_GET_F_CREATE
    private const int IPPROTO_TCP = 6;
    private const int IPPROTO_MPTCP = 262;
    private const int StateListen = 10; // TCP_LISTEN
    private const int StateClosed = 7; // TCP_CLOSE

    // struct bpf_sock, struct bpf_sock_ops and struct __sk_buff of linux/bpf.h.
    private const int SocketProtocol = 12;
    private const int SocketState = 72;
    private const int OperationKind = 0;
    private const int OperationNewState = 8; // args[1]
    private const int OperationSocket = 184;
    private const int PacketSocket = 168;

    private const int PassiveEstablished = 5; // BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB
    private const int StateChanged = 10; // BPF_SOCK_OPS_STATE_CB
    private const int WantStates = 4; // BPF_SOCK_OPS_STATE_CB_FLAG

    private static BeancounterResource Tcp => BeancounterResources.TcpSockets;

    private static BeancounterResource Other => BeancounterResources.OtherSockets;

    /// <summary>Asked when a socket has been made: charges it and leaves a mark beside it.</summary>
    public static BpfInstruction[] Create(ProgramWriter writer, AccountId account)
    {
        var code = writer.Code;
        var pass = code.NewLabel();
        var refuse = code.NewLabel();
        var other = code.NewLabel();
        code.Move(R9, R1);
        writer.FindAccountOf(account, pass);
        code.LoadWord(R1, R9, SocketProtocol);
        var tcp = code.NewLabel();
        code.JumpIfEqual(R1, IPPROTO_TCP, tcp);
        code.JumpIfNotEqual(R1, IPPROTO_MPTCP, other);
        code.Place(tcp);
        ChargeAndMark(writer, Tcp, TcpMark, pass, refuse);
        code.Place(other);
        ChargeAndMark(writer, Other, OtherMark, pass, refuse);
        code.Place(refuse);
        // Without this the kernel says EPERM (Linux 5.18).
        code.Move(R1, -(int)Errno.ENOBUFS);
        code.Call(BpfHelper.SetReturnValue);
        code.Return(0);
        code.Place(pass);
        code.Return(1);
        return code.Assemble();
    }

    /// <summary>Told when a socket is closed: gives back what its mark says.</summary>
    public static BpfInstruction[] Release(ProgramWriter writer, AccountId account)
    {
        var code = writer.Code;
        var end = code.NewLabel();
        var other = code.NewLabel();
        code.Move(R2, R1);
        LoadMark(writer, create: false, end);
        TakeMark(code, R7, end);
        writer.FindAccountOf(account, end);
        code.JumpIfNotEqual(R7, (int)TcpMark, other);
        writer.GiveBackOne(Tcp);
        code.Return(1);
        code.Place(other);
        writer.GiveBackOne(Other);
        code.Place(end);
        code.Return(1);
        return code.Assemble();
    }

    /// <summary>Told of connections that come in, and of those that end before anybody has accepted them.</summary>
    public static BpfInstruction[] Follow(ProgramWriter writer, AccountId account)
    {
        var code = writer.Code;
        var end = code.NewLabel();
        var changed = code.NewLabel();
        code.Move(R9, R1);
        code.Load(R8, R9, OperationSocket);
        code.JumpIfEqual(R8, 0, end);
        code.LoadWord(R1, R9, OperationKind);
        code.JumpIfEqual(R1, StateChanged, changed);
        code.JumpIfNotEqual(R1, PassiveEstablished, end);
        BeginConnection(writer, account, end);
        code.Place(changed);
        EndConnection(writer, account, end);
        code.Place(end);
        code.Return(1);
        return code.Assemble();
    }

    /// <summary>Asked about each packet for a socket: drops those for listening sockets while the container may have no more.</summary>
    public static BpfInstruction[] Admit(ProgramWriter writer, AccountId account)
    {
        var code = writer.Code;
        var row = AccountField.RowOf(Tcp);
        var pass = code.NewLabel();
        code.Load(R1, R1, PacketSocket);
        code.JumpIfEqual(R1, 0, pass);
        code.LoadWord(R1, R1, SocketState);
        code.JumpIfNotEqual(R1, StateListen, pass);
        writer.FindAccountOf(account, pass);
        writer.LoadBound(R2, Tcp, AccountField.Barrier, pass);
        code.Load(R1, R6, row + AccountField.Held);
        code.JumpIf(R1, BpfCondition.SignedLess, R2, pass);
        writer.CountRefusal(Tcp);
        code.Return(0);
        code.Place(pass);
        code.Return(1);
        return code.Assemble();
    }

    // R9 = the socket.
    private static void ChargeAndMark(ProgramWriter writer, BeancounterResource resource, ulong mark, BpfLabel pass, BpfLabel refuse)
    {
        var code = writer.Code;
        var unmarked = code.NewLabel();
        writer.ChargeOne(resource, refuse, pass);
        code.Move(R2, R9);
        LoadMark(writer, create: true, unmarked);
        code.Store(BpfSize.Double, R0, 0, (int)mark);
        code.Jump(pass);
        code.Place(unmarked);
        writer.GiveBackOne(resource);
        code.Jump(pass);
    }

    // R0 = the address of the mark beside the socket R2.
    private static void LoadMark(ProgramWriter writer, bool create, BpfLabel none)
    {
        var code = writer.Code;
        code.LoadMap(R1, writer.Maps.Marks);
        code.Move(R3, 0);
        code.Move(R4, create ? CreateStorage : 0);
        code.Call(BpfHelper.SocketStorage);
        code.JumpIfEqual(R0, 0, none);
    }

    // register = the mark that R0 points to, which becomes 0, so that of several who come only one finds it.
    private static void TakeMark(BpfAssembler code, BpfRegister register, BpfLabel none)
    {
        code.Move(register, 0);
        code.AtomicExchange(R0, 0, register);
        code.JumpIfEqual(register, 0, none);
    }

    private static void BeginConnection(ProgramWriter writer, AccountId account, BpfLabel end)
    {
        var code = writer.Code;
        code.Move(R1, R9);
        code.Move(R2, WantStates);
        code.Call(BpfHelper.SocketOperationFlags);
        code.Move(R2, R8);
        LoadMark(writer, create: true, end);
        code.Move(R7, (int)TcpMark);
        code.AtomicExchange(R0, 0, R7);
        code.JumpIfNotEqual(R7, 0, end);
        writer.FindAccountOf(account, end);
        code.Move(R7, 1);
        writer.Charge(Tcp, R7);
        code.Jump(end);
    }

    // One that somebody has accepted is given back when he closes it.
    private static void EndConnection(ProgramWriter writer, AccountId account, BpfLabel end)
    {
        var code = writer.Code;
        code.LoadWord(R1, R9, OperationNewState);
        code.JumpIfNotEqual(R1, StateClosed, end);
        code.Move(R1, R8);
        code.Call(BpfHelper.ToTcpSocket);
        code.JumpIfEqual(R0, 0, end);
        code.Load(R0, R0, writer.Fields.Offset("sock.sk_socket"));
        code.JumpIfNotEqual(R0, 0, end);
        code.Move(R2, R8);
        LoadMark(writer, create: false, end);
        TakeMark(code, R7, end);
        writer.FindAccountOf(account, end);
        writer.GiveBackOne(Tcp);
    }
}
