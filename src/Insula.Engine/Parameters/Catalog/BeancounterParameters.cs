using Insula.Engine.Parameters.Kinds;
using static Insula.Engine.Parameters.Catalog.Grammar;

namespace Insula.Engine.Parameters.Catalog;

/// <summary>User beancounters: barrier and limit of each resource, and the factor that vswap derives one of them from.</summary>
public static class BeancounterParameters
{
    public static readonly ParameterDeclaration<BarrierLimit> KMemSize = OfBytes("kmemsize", "KMEMSIZE", "Kernel memory that cannot be swapped", 'k');
    public static readonly ParameterDeclaration<BarrierLimit> LockedPages = OfPages("lockedpages", "LOCKEDP", "Memory locked by mlock(2)", 'l', enforced: true);
    public static readonly ParameterDeclaration<BarrierLimit> PrivVmPages = OfPages("privvmpages", "PRIVVMP", "Private address space, touched or not", enforced: true);
    public static readonly ParameterDeclaration<BarrierLimit> ShmPages = OfPages("shmpages", "SHMP", "Shared memory", enforced: true);
    public static readonly ParameterDeclaration<BarrierLimit> NumProc = OfItems("numproc", "NPROC", "Processes and threads", 'p', enforced: true);

    public static readonly ParameterDeclaration<BarrierLimit> PhysPages = Declare("physpages", "PHYSP", "Memory in use", Pages, "pages", null, enforced: true,
        new SetOption("ram", "N", "Limit memory; in bytes without suffix, sets physpages to 0:N") { CommandLineKind = MemorySize });

    public static readonly ParameterDeclaration<BarrierLimit> VmGuarPages = OfPages("vmguarpages", "VMGUARP", "Memory whose allocation is guaranteed", enforced: true);
    public static readonly ParameterDeclaration<BarrierLimit> OomGuarPages = OfPages("oomguarpages", "OOMGUARP", "Memory below which no process is killed when memory is short", enforced: true);
    public static readonly ParameterDeclaration<BarrierLimit> NumTcpSock = OfItems("numtcpsock", "NTCPSOCK", "TCP sockets", enforced: true);
    public static readonly ParameterDeclaration<BarrierLimit> NumFlock = OfItems("numflock", "NFLOCK", "File locks", 'f', enforced: true);
    public static readonly ParameterDeclaration<BarrierLimit> NumPty = OfItems("numpty", "NPTY", "Pseudo-terminals", 't', enforced: true);
    public static readonly ParameterDeclaration<BarrierLimit> NumSigInfo = OfItems("numsiginfo", "NSIGINFO", "Queued signals", 'i', enforced: true, change: ChangeMoment.Restart);
    public static readonly ParameterDeclaration<BarrierLimit> TcpSndBuf = OfBytes("tcpsndbuf", "TCPSNDB", "TCP send buffers", enforced: true);
    public static readonly ParameterDeclaration<BarrierLimit> TcpRcvBuf = OfBytes("tcprcvbuf", "TCPRCVB", "TCP receive buffers", 'b', enforced: true);
    public static readonly ParameterDeclaration<BarrierLimit> OtherSockBuf = OfBytes("othersockbuf", "OTHSOCKB", "Send buffers of other sockets");
    public static readonly ParameterDeclaration<BarrierLimit> DgramRcvBuf = OfBytes("dgramrcvbuf", "DGRAMRB", "Receive buffers of datagram sockets");
    public static readonly ParameterDeclaration<BarrierLimit> NumOtherSock = OfItems("numothersock", "NOTHSOCK", "Sockets other than TCP", enforced: true);
    public static readonly ParameterDeclaration<BarrierLimit> DCacheSize = OfBytes("dcachesize", "DCACHESZ", "Directory entries and inodes locked by use", 'x', "DCACHE");
    public static readonly ParameterDeclaration<BarrierLimit> NumFile = OfItems("numfile", "NFILE", "Open files", 'n', enforced: true);
    public static readonly ParameterDeclaration<BarrierLimit> NumIptEnt = Declare("numiptent", "NIPTENT", "Packet filter rules", FilterRules, "items", 'e', alias: "IPTENTRIES");

    public static readonly ParameterDeclaration<BarrierLimit> SwapPages = Declare("swappages", "SWAPP", "Swap in use", Pages, "pages", null, enforced: true,
        new SetOption("swap", "N", "Limit swap; in bytes without suffix, sets swappages to 0:N") { CommandLineKind = MemorySize });

    public static readonly ParameterDeclaration<BarrierLimit> AvNumProc = new("AVNUMPROC", Items, ParameterGroup.Beancounters, "Average number of processes, for planning only")
    {
        Unit = "items",
        StoredOnly = true,
        Options = [new("avnumproc", "N[:N]", "Set the average number of processes, for planning only")],
    };

    public static readonly ParameterDeclaration<double> VmOvercommit = new("VM_OVERCOMMIT", new FactorKind(), ParameterGroup.Memory,
        "Private address space as a multiple of memory and swap; 0: unlimited")
    {
        Default = "0",
        Unit = "factor",
        Options = [new("vm_overcommit", "FACTOR", "Limit private address space to FACTOR times memory and swap; 0: unlimited")],
        ListFields = [new("vm_overcommit", "VM_OVC", 6)],
    };

    /// <summary>The beancounters in the order of vzlist and /proc/user_beancounters, without the pseudo parameter avnumproc.</summary>
    public static IReadOnlyList<ParameterDeclaration<BarrierLimit>> Resources { get; } =
    [
        KMemSize, LockedPages, PrivVmPages, ShmPages, NumProc, PhysPages, VmGuarPages, OomGuarPages, NumTcpSock, NumFlock, NumPty, NumSigInfo,
        TcpSndBuf, TcpRcvBuf, OtherSockBuf, DgramRcvBuf, NumOtherSock, DCacheSize, NumFile, NumIptEnt, SwapPages,
    ];

    internal static ParameterDeclaration[] All => [.. Resources, AvNumProc, VmOvercommit];

    private static ParameterDeclaration<BarrierLimit> OfItems(
        string name, string header, string help, char? letter = null, bool enforced = false, ChangeMoment change = ChangeMoment.Live)
        => Declare(name, header, help, Items, "items", letter, enforced, change: change);

    private static ParameterDeclaration<BarrierLimit> OfPages(string name, string header, string help, char? letter = null, bool enforced = false)
        => Declare(name, header, help, Pages, "pages", letter, enforced);

    private static ParameterDeclaration<BarrierLimit> OfBytes(
        string name, string header, string help, char? letter = null, string? alias = null, bool enforced = false)
        => Declare(name, header, help, Bytes, "bytes", letter, enforced, alias: alias);

    private static ParameterDeclaration<BarrierLimit> Declare(
        string name,
        string header,
        string help,
        BarrierLimitKind kind,
        string unit,
        char? letter = null,
        bool enforced = false,
        SetOption? second = null,
        string? alias = null,
        ChangeMoment change = ChangeMoment.Live)
    {
        var option = new SetOption(name, "N[:N]", $"{help}: barrier and limit") { Letter = letter };
        var group = second is null ? ParameterGroup.Beancounters : ParameterGroup.Memory;
        return new ParameterDeclaration<BarrierLimit>(name.ToUpperInvariant(), kind, group, help)
        {
            KeyAliases = alias is null ? [] : [alias],
            Unit = unit,
            StoredOnly = !enforced,
            Change = change,
            Options = second is null ? [option] : [option, second],
            // vzlist adds the columns NAME.m, .b, .l and .f, headers with .M .B .L .F, to each of these.
            ListFields = [new(name, header, 10)],
        };
    }
}
