namespace Insula.Engine.Quotas;

/// <summary>One way to hold a container to its share of a disk.</summary>
public interface IDiskQuota
{
    /// <summary>The mechanism's name: "project quota", "btrfs qgroup", "image".</summary>
    string Name { get; }

    /// <summary>What it enforces.</summary>
    QuotaAbilities Abilities { get; }

    /// <summary>Sees to it that what the container has is counted. Does nothing when it is already; no container is using the files.</summary>
    /// <exception cref="InsulaException">61: it cannot be.</exception>
    void Prepare();

    /// <summary>Puts limits into force. What is used above them stays, and the container gets no more.</summary>
    /// <exception cref="InsulaException">62 or 154: they cannot be, and nothing was changed.</exception>
    void SetLimits(DiskLimits limits);

    /// <summary>What is used, and the limits in force.</summary>
    /// <exception cref="InsulaException">68: it cannot be found out.</exception>
    QuotaState Read();

    /// <summary>Forgets the container, whose files have been removed.</summary>
    void Forget();
}
