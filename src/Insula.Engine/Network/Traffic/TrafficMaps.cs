using Insula.Linux.Bpf;

namespace Insula.Engine.Network.Traffic;

/// <summary>The maps that the programs on links and commands share, each under its own name in a directory of a bpf file system.</summary>
internal sealed class TrafficMaps : BpfPinnedMaps
{
    private const int MaxContainers = 1 << 14;
    private const int MaxLinks = 1 << 15;
    private const int MaxRates = 1 << 15;

    // The kernel makes a table of as many places as entries at once: what it takes to make four times as many is felt at a start.
    private const int MaxAddresses = 1 << 16;

    private TrafficMaps(string? directory)
        : base(directory)
    {
        Links = Open<uint, TrafficLink>("links", BpfMapType.Hash, MaxLinks);
        Accounts = Open<uint, TrafficAccount>("accounts", BpfMapType.Hash, MaxContainers);
        Counters = OpenPerCpu<uint, TrafficRow>("counters", MaxContainers);
        Own4 = Open<uint, uint>("own4", BpfMapType.Hash, MaxAddresses);
        Own6 = Open<Address6, uint>("own6", BpfMapType.Hash, MaxAddresses);
        Classes4 = Open<Prefix4, uint>("classes4", BpfMapType.PrefixTrie, NetworkClasses.Most);
        Classes6 = Open<Prefix6, uint>("classes6", BpfMapType.PrefixTrie, NetworkClasses.Most);
        State = Open<uint, TrafficState>("state", BpfMapType.Array, 1);
        Rates = Open<RateKey, RateEntry>("rates", BpfMapType.Hash, MaxRates);
    }

    /// <summary>Whose a link is, by its index.</summary>
    public BpfMap<uint, TrafficLink> Links { get; }

    /// <summary>Which containers are counted.</summary>
    public BpfMap<uint, TrafficAccount> Accounts { get; }

    /// <summary>What was counted of a container.</summary>
    public BpfPerCpuMap<uint, TrafficRow> Counters { get; }

    /// <summary>Whose an IPv4 address is, by the address in network byte order.</summary>
    public BpfMap<uint, uint> Own4 { get; }

    /// <summary>Whose an IPv6 address is.</summary>
    public BpfMap<Address6, uint> Own6 { get; }

    /// <summary>The classes of IPv4 networks.</summary>
    public BpfMap<Prefix4, uint> Classes4 { get; }

    /// <summary>The classes of IPv6 networks.</summary>
    public BpfMap<Prefix6, uint> Classes6 { get; }

    /// <summary>What all programs have in common; one entry.</summary>
    public BpfMap<uint, TrafficState> State { get; }

    /// <summary>The rates in force.</summary>
    public BpfMap<RateKey, RateEntry> Rates { get; }

    /// <summary>Opens the maps of a directory, and makes and names those that are missing.</summary>
    public static TrafficMaps OpenOrCreate(string directory) => new(directory);

    /// <summary>Maps without names, that are gone when they are closed: to try programs out.</summary>
    public static TrafficMaps CreateUnnamed() => new(null);
}
