namespace Insula.Linux.Bpf;

/// <summary>enum bpf_map_type of linux/bpf.h.</summary>
public enum BpfMapType : uint
{
    /// <summary>Values by key of any bytes.</summary>
    Hash = 1,

    /// <summary>Values by number, all there from the beginning.</summary>
    Array = 2,

    /// <summary>As Hash, with a value for each processor.</summary>
    PerCpuHash = 5,

    /// <summary>As Array, with a value for each processor.</summary>
    PerCpuArray = 6,

    /// <summary>As Hash; a new entry that finds no room takes the place of one that was not used for long.</summary>
    RecentHash = 9,

    /// <summary>Values by the beginnings of keys, the longest counting: a key is the number of its bits and the bits.</summary>
    PrefixTrie = 11,

    /// <summary>A value beside a socket, which goes with it.</summary>
    SocketStorage = 24,
}
