using Insula.Linux.FileSystems;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Quotas;

/// <summary>
/// Quota groups of btrfs: the private area is a subvolume, whose data its group counts and limits. btrfs has no soft limits, limits no
/// inodes, and its statfs(2) shows the whole file system.
/// </summary>
/// <param name="subvolume">The private area.</param>
public sealed class SubvolumeQuota(string subvolume) : IDiskQuota
{
    /// <summary>The mechanism's name.</summary>
    public const string MechanismName = "btrfs qgroup";

    private readonly ulong _id = IdOf(subvolume);

    /// <inheritdoc/>
    public string Name => MechanismName;

    /// <inheritdoc/>
    public QuotaAbilities Abilities => QuotaAbilities.Space;

    /// <inheritdoc/>
    public void Prepare()
    {
        // btrfs counts a subvolume from the moment it is made, or quotas are switched on.
    }

    /// <inheritdoc/>
    public void SetLimits(DiskLimits limits)
    {
        try
        {
            // By way of the directory above: the kernel refuses to write down anything for a subvolume that is above its limit, also its limit.
            Use(Path.GetDirectoryName(subvolume)!, quota => quota.SetLimit(_id, limits.WithoutGraceOfNothing().HardKiB * 1024));
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.QuotaSetLimit, error.Message, error.Hint, error);
        }
    }

    /// <inheritdoc/>
    public QuotaState Read()
    {
        var (used, limit) = (0L, 0L);
        Use(subvolume, quota => (used, limit) = (
            quota.ReadUsed(_id) ?? throw new InsulaException(ExitCode.QuotaUsage, $"The btrfs of {subvolume} has no quota group 0/{_id}"), quota.ReadLimit(_id)));
        return new QuotaState(new QuotaAmount((used + 1023) / 1024, 0, limit / 1024, 0, 0), default);
    }

    /// <inheritdoc/>
    public void Forget()
    {
        // EBUSY: the kernel is still cleaning up behind the subvolume; an empty group that stays is in nobody's way.
        Use(Path.GetDirectoryName(subvolume)!, quota => quota.TryForget(_id));
    }

    private static ulong IdOf(string path)
    {
        using var file = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        return BtrfsSubvolume.IdOf(file, path);
    }

    private static void Use(string path, Action<BtrfsQuota> action)
    {
        using var file = Files.Open(path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        action(new BtrfsQuota(file, path));
    }
}
