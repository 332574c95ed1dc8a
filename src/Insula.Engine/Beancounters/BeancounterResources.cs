using Insula.Engine.Parameters;
using static Insula.Engine.Parameters.Catalog.BeancounterParameters;

namespace Insula.Engine.Beancounters;

/// <summary>The resources, in the order of their numbers. /proc/user_beancounters shows all but swappages, /proc/bc/resources all.</summary>
public static class BeancounterResources
{
    public static readonly BeancounterResource KernelMemory = new(0, BeancounterUnit.Bytes, KMemSize);
    public static readonly BeancounterResource Locked = new(1, BeancounterUnit.Pages, LockedPages);
    public static readonly BeancounterResource PrivateMemory = new(2, BeancounterUnit.Pages, PrivVmPages);
    public static readonly BeancounterResource SharedMemory = new(3, BeancounterUnit.Pages, ShmPages);
    public static readonly BeancounterResource Processes = new(5, BeancounterUnit.Items, NumProc);
    public static readonly BeancounterResource Memory = new(6, BeancounterUnit.Pages, PhysPages);
    public static readonly BeancounterResource GuaranteedMemory = new(7, BeancounterUnit.Pages, VmGuarPages);
    public static readonly BeancounterResource OomGuarantee = new(8, BeancounterUnit.Pages, OomGuarPages);
    public static readonly BeancounterResource TcpSockets = new(9, BeancounterUnit.Items, NumTcpSock);
    public static readonly BeancounterResource FileLocks = new(10, BeancounterUnit.Items, NumFlock);
    public static readonly BeancounterResource Terminals = new(11, BeancounterUnit.Items, NumPty);
    public static readonly BeancounterResource QueuedSignals = new(12, BeancounterUnit.Items, NumSigInfo);
    public static readonly BeancounterResource TcpSendBuffers = new(13, BeancounterUnit.Bytes, TcpSndBuf);
    public static readonly BeancounterResource TcpReceiveBuffers = new(14, BeancounterUnit.Bytes, TcpRcvBuf);
    public static readonly BeancounterResource OtherSendBuffers = new(15, BeancounterUnit.Bytes, OtherSockBuf);
    public static readonly BeancounterResource DatagramReceiveBuffers = new(16, BeancounterUnit.Bytes, DgramRcvBuf);
    public static readonly BeancounterResource OtherSockets = new(17, BeancounterUnit.Items, NumOtherSock);
    public static readonly BeancounterResource DirectoryCache = new(18, BeancounterUnit.Bytes, DCacheSize);
    public static readonly BeancounterResource OpenFiles = new(19, BeancounterUnit.Items, NumFile);
    public static readonly BeancounterResource FilterRules = new(23, BeancounterUnit.Items, NumIptEnt);
    public static readonly BeancounterResource Swap = new(24, BeancounterUnit.Pages, SwapPages);

    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<BeancounterResource> All { get; } =
    [
        KernelMemory, Locked, PrivateMemory, SharedMemory, Processes, Memory, GuaranteedMemory, OomGuarantee, TcpSockets, FileLocks, Terminals,
        QueuedSignals, TcpSendBuffers, TcpReceiveBuffers, OtherSendBuffers, DatagramReceiveBuffers, OtherSockets, DirectoryCache, OpenFiles,
        FilterRules, Swap,
    ];

    /// <summary>The resource of that name; null if there is none.</summary>
    public static BeancounterResource? Find(string name) => All.FirstOrDefault(resource => resource.Name == name);

    /// <summary>The resource whose bounds a parameter holds; null if it holds none's.</summary>
    public static BeancounterResource? Of(ParameterDeclaration parameter) => All.FirstOrDefault(resource => ReferenceEquals(resource.Parameter, parameter));
}
