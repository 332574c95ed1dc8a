using Insula.Linux.Bpf;

namespace Insula.Engine.Beancounters.Bpf;

/// <summary>The maps that programs and commands share, each under its own name in a directory of a bpf file system.</summary>
internal sealed class BpfMapSet : BpfPinnedMaps
{
    private const int MaxAddressSpaces = 1 << 17;
    private const int MaxForks = 1 << 14;
    private const int MaxSockets = 1 << 18;

    private const string AccountsName = "accounts";
    private const string ContainersName = "containers";

    private BpfMapSet(string? directory)
        : base(directory)
    {
        Accounts = Open<uint, BpfAccount>(AccountsName, BpfMapType.Array, AccountId.Places);
        Bounds = Open<uint, BpfBounds>("bounds", BpfMapType.Array, AccountId.Places);
        Containers = Open<uint, uint>(ContainersName, BpfMapType.Hash, AccountId.Places);
        Owners = Open<uint, uint>("owners", BpfMapType.Hash, AccountId.Places);
        State = Open<uint, BpfHostState>("state", BpfMapType.Array, 1);
        Marks = Open<uint, ulong>("marks", BpfMapType.SocketStorage, 0);
    }

    /// <summary>The accounts, by place.</summary>
    public BpfMap<uint, BpfAccount> Accounts { get; }

    /// <summary>Their bounds, by place.</summary>
    public BpfMap<uint, BpfBounds> Bounds { get; }

    /// <summary>The <see cref="AccountId"/> of a container, by its number.</summary>
    public BpfMap<uint, uint> Containers { get; }

    /// <summary>The <see cref="AccountId"/> of a container, by the inode number of its user namespace.</summary>
    public BpfMap<uint, uint> Owners { get; }

    /// <summary>What the host's programs have in common; one entry.</summary>
    public BpfMap<uint, BpfHostState> State { get; }

    /// <summary>Beside each internet socket that was charged: the number of its row, from 1.</summary>
    public BpfMap<uint, ulong> Marks { get; }

    // Large: to make them takes the kernel longer than all the rest of a start takes. Only the programs of the host need them.

    /// <summary>Whose a socket of another family is, by the address of its inode.</summary>
    public BpfMap<ulong, uint> Sockets => field ??= Open<ulong, uint>("sockets", BpfMapType.Hash, MaxSockets);

    /// <summary>What an address space was charged with, by its address.</summary>
    public BpfMap<ulong, MemoryEntry> AddressSpaces => field ??= Open<ulong, MemoryEntry>("memories", BpfMapType.Hash, MaxAddressSpaces);

    /// <summary>What a fork was charged with, by the address of the task that forks.</summary>
    public BpfMap<ulong, ForkEntry> Forks => field ??= Open<ulong, ForkEntry>("forks", BpfMapType.Hash, MaxForks);

    /// <summary>Opens the maps of a directory, and makes and names those that are missing.</summary>
    public static BpfMapSet OpenOrCreate(string directory) => new(directory);

    /// <summary>Maps without names, that are gone when they are closed: to try programs out.</summary>
    public static BpfMapSet CreateUnnamed() => new(null);

    /// <summary>The accounts of a directory alone, for who only reads; null if there are none.</summary>
    public static BpfMap<uint, BpfAccount>? TryOpenAccounts(string directory) => BpfMaps.TryOpen<uint, BpfAccount>($"{directory}/{AccountsName}");

    /// <summary>The containers of a directory alone; null if there are none.</summary>
    public static BpfMap<uint, uint>? TryOpenContainers(string directory) => BpfMaps.TryOpen<uint, uint>($"{directory}/{ContainersName}");
}
