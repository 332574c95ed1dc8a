namespace Insula.Engine.Beancounters.Bpf;

/// <summary>What an address space has been charged with.</summary>
internal struct MemoryEntry
{
    /// <summary>Pages: the part of the container's held that is this address space's.</summary>
    public long Pages;

    /// <summary>Whose it is: an <see cref="AccountId"/>.</summary>
    public uint Account;

    /// <summary>1 once it is being torn down and must not be looked at any more.</summary>
    public uint Ended;
}

/// <summary>What a fork has been charged with in advance, by the task that forks.</summary>
internal struct ForkEntry
{
    /// <summary>The address of the new task's struct.</summary>
    public ulong Child;

    /// <summary>Pages.</summary>
    public long Pages;

    /// <summary>Whose: an <see cref="AccountId"/>.</summary>
    public uint Account;

    /// <summary>Fills up.</summary>
    public uint Unused;
}
