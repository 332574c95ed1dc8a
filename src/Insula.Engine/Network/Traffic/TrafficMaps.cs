using Insula.Linux.Bpf;

namespace Insula.Engine.Network.Traffic;

/// <summary>The maps that the programs on links and commands share, each under its own name in a directory of a bpf file system.</summary>
internal sealed class TrafficMaps : IDisposable
{
    private const int MaxContainers = 1 << 14;
    private const int MaxLinks = 1 << 16;
    private const int MaxAddresses = 1 << 18;
    private const int MaxRates = 1 << 16;

    private readonly List<IDisposable> _opened = [];

    private TrafficMaps(string? directory)
    {
        Links = Open<uint, TrafficLink>(directory, "links", BpfMapType.Hash, MaxLinks);
        Accounts = Open<uint, TrafficAccount>(directory, "accounts", BpfMapType.Hash, MaxContainers);
        Counters = OpenCounters(directory);
        Own4 = Open<uint, uint>(directory, "own4", BpfMapType.Hash, MaxAddresses);
        Own6 = Open<Address6, uint>(directory, "own6", BpfMapType.Hash, MaxAddresses);
        Classes4 = Open<Prefix4, uint>(directory, "classes4", BpfMapType.PrefixTrie, NetworkClasses.Most);
        Classes6 = Open<Prefix6, uint>(directory, "classes6", BpfMapType.PrefixTrie, NetworkClasses.Most);
        State = Open<uint, TrafficState>(directory, "state", BpfMapType.Array, 1);
        Rates = Open<RateKey, RateEntry>(directory, "rates", BpfMapType.Hash, MaxRates);
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

    /// <inheritdoc/>
    public void Dispose() => _opened.ForEach(map => map.Dispose());

    private BpfMap<TKey, TValue> Open<TKey, TValue>(string? directory, string name, BpfMapType type, int entries)
        where TKey : unmanaged
        where TValue : unmanaged
    {
        var path = $"{directory}/{name}";
        var map = directory is null ? null : BpfMaps.TryOpen<TKey, TValue>(path);
        if (map is null)
        {
            map = BpfMaps.Create<TKey, TValue>(type, $"ct_{name}", entries);
            if (directory is not null)
                BpfPin.Add(map.Descriptor, path);
        }
        _opened.Add(map);
        return map;
    }

    private BpfPerCpuMap<uint, TrafficRow> OpenCounters(string? directory)
    {
        const string name = "counters";
        var path = $"{directory}/{name}";
        var map = directory is null ? null : BpfMaps.TryOpenPerCpu<uint, TrafficRow>(path);
        if (map is null)
        {
            map = BpfMaps.CreatePerCpu<uint, TrafficRow>($"ct_{name}", MaxContainers);
            if (directory is not null)
                BpfPin.Add(map.Descriptor, path);
        }
        _opened.Add(map);
        return map;
    }
}
