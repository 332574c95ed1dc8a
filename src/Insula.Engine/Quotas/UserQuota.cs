using Insula.Engine.Containers;
using Insula.Engine.Storage;
using Insula.Linux.Quotas;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Quotas;

/// <summary>
/// Second-level quotas: limits of single users and groups of a container. The ext4 in the container's disk image keeps them, by the
/// host's ids; here the container's own are meant.
/// </summary>
/// <param name="container">A container of layout image that is mounted with quotas.</param>
public sealed class UserQuota(ContainerContext container)
{
    private readonly string _point = ImageLayout.MountPoint(container.Private);

    /// <summary>True while a container's users and groups can be limited.</summary>
    public static bool IsOn(ContainerContext container)
    {
        if (container.Storage is not ImageLayout || !ImageLayout.IsMounted(container.Private))
            return false;
        var point = ImageLayout.MountPoint(container.Private);
        using var file = Files.Open(point, OpenFlags.ReadOnly | OpenFlags.Directory);
        return new QuotaControl(file, point).IsEnforced(QuotaKind.User);
    }

    /// <summary>Why not; null if they can.</summary>
    public static string? WhyOff(ContainerContext container)
    {
        if (container.Storage is not ImageLayout)
            return "users and groups can be limited in layout image only";
        if (!ImageLayout.IsMounted(container.Private))
            return "the container is not mounted";
        if (IsOn(container))
            return null;
        return QuotaControl.HasFormat ? "QUOTAUGIDLIMIT was not set when the container was mounted" : "this kernel has no quota format (CONFIG_QFMT_V2)";
    }

    /// <summary>Every user (or group) of the container that has something or may have it, by its id inside.</summary>
    public IReadOnlyList<(uint Id, QuotaState Quota)> List(QuotaHolder kind)
    {
        var list = new List<(uint, QuotaState)>();
        Use(control =>
        {
            var (space, inodes) = control.ReadGrace(KindOf(kind));
            foreach (var (id, quota) in control.All(KindOf(kind)))
            {
                if (ToInside(kind, id) is { } inside)
                    list.Add((inside, QuotaState.Of(quota, space, inodes)));
            }
        });
        return list;
    }

    /// <summary>Limits a user or group.</summary>
    /// <exception cref="InsulaException">65: the kernel refused; 21: no such id inside.</exception>
    public void SetLimits(QuotaHolder kind, uint id, DiskLimits limits) => Use(control => control.SetLimits(
        KindOf(kind), ToHost(kind, id), new QuotaRecord(0, limits.SoftKiB, limits.HardKiB, 0, 0, limits.SoftInodes, limits.HardInodes, 0)));

    /// <summary>The grace times of all users (or groups), in seconds.</summary>
    public (long Space, long Inodes) ReadGrace(QuotaHolder kind)
    {
        var grace = (0L, 0L);
        Use(control => grace = control.ReadGrace(KindOf(kind)));
        return grace;
    }

    /// <summary>Sets them.</summary>
    public void SetGrace(QuotaHolder kind, long space, long inodes) => Use(control => control.SetGrace(KindOf(kind), space, inodes));

    private static QuotaKind KindOf(QuotaHolder holder) => holder == QuotaHolder.User ? QuotaKind.User : QuotaKind.Group;

    private uint BaseOf(QuotaHolder kind) => kind == QuotaHolder.User ? container.Ids.UidBase : container.Ids.GidBase;

    private uint? ToInside(QuotaHolder kind, uint id)
        => id >= BaseOf(kind) && id - BaseOf(kind) < IdRange.Size ? id - BaseOf(kind) : null;

    private uint ToHost(QuotaHolder kind, uint id)
        => id < IdRange.Size ? BaseOf(kind) + id : throw new InsulaException(ExitCode.BadValue, $"CT {container.Ctid} has no id {id}: its ids end at {IdRange.Size - 1}");

    private void Use(Action<QuotaControl> action)
    {
        if (WhyOff(container) is { } why)
            throw new InsulaException(ExitCode.UserQuotaNotInitialized, $"Users of CT {container.Ctid} have no quotas: {why}");
        try
        {
            using var file = Files.Open(_point, OpenFlags.ReadOnly | OpenFlags.Directory);
            action(new QuotaControl(file, _point));
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.SetUserQuota, $"Quotas of users of CT {container.Ctid}: {error.Message}", error.Hint, error);
        }
    }
}
