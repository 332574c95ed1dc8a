using Insula.Engine.Containers;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Storage;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Quotas;

/// <summary>The disk quota of a container in the course of its life: on when it is mounted, noted when it is unmounted, gone when it is destroyed.</summary>
internal static class ContainerQuota
{
    private const long RoomKiB = 4096, RoomInodes = 100;

    /// <summary>True unless DISK_QUOTA=no.</summary>
    public static bool IsWanted(ContainerContext container) => container.Config.Get(DiskParameters.DiskQuota);

    /// <summary>
    /// Before a container is mounted: leaves room above its limits for what mounting and its settings files need, so that one that has
    /// used up its share can be started. <see cref="TurnOn"/> puts the limits into force again.
    /// </summary>
    public static void LeaveRoom(ContainerContext container)
    {
        if (container.Storage is ImageLayout && ImageLayout.IsMounted(container.Private))
            ImageReserve.Release(ImageLayout.MountPoint(container.Private));
        if (DiskQuotas.Of(container).Quota is not { } quota || quota is ImageQuota || QuotaFile.TryLoad(QuotaFile.PathOf(container.Engine, container.Ctid)) == null)
            return;
        var limits = DiskLimits.Of(container.Config).WithoutGraceOfNothing();
        quota.SetLimits(limits with
        {
            SoftKiB = 0,
            HardKiB = limits.HardKiB == 0 ? 0 : Math.Max(limits.HardKiB, quota.Read().Space.Usage) + RoomKiB,
            SoftInodes = 0,
            HardInodes = limits.HardInodes == 0 ? 0 : Math.Max(limits.HardInodes, quota.Read().Inodes.Usage) + RoomInodes,
        });
    }

    /// <summary>
    /// Puts the limits of the configuration into force for a container that has been mounted and is not running yet. A host without a mechanism
    /// is no error: it was told of when the limits were given.
    /// </summary>
    public static void TurnOn(ContainerContext container)
    {
        var choice = DiskQuotas.Of(container);
        if (choice.Quota is not { } quota)
            return;
        var path = QuotaFile.PathOf(container.Engine, container.Ctid);
        if (!IsWanted(container))
        {
            if (quota is ImageQuota)
                ImageReserve.Hold(ImageLayout.MountPoint(container.Private));
            else if (QuotaFile.TryLoad(path) is { IsOn: true })
                TurnOff(container, forget: true);
            return;
        }
        quota.Prepare();
        // An image keeps its size when the file was changed by hand: to resize takes a command that asks for it.
        if (quota is not ImageQuota)
            quota.SetLimits(DiskLimits.Of(container.Config));
        else
            ImageReserve.Hold(ImageLayout.MountPoint(container.Private));
        Note(container, quota, isOn: true);
    }

    /// <summary>Notes what a container uses that is about to be unmounted; what cannot be noted is no reason not to unmount.</summary>
    public static void NoteUsage(ContainerContext container)
    {
        try
        {
            if (IsWanted(container) && DiskQuotas.Of(container).Quota is { } quota)
                Note(container, quota, isOn: false);
        }
        catch (Exception error) when (error is InsulaException or LinuxException or IOException)
        {
            container.Engine.Reporter.Warning($"The disk usage of CT {container.Ctid} was not noted: {error.Message}");
        }
    }

    /// <summary>Takes the limits away; what is used is counted on.</summary>
    /// <param name="container">The container.</param>
    /// <param name="forget">True to remove the note as well.</param>
    public static void TurnOff(ContainerContext container, bool forget)
    {
        if (DiskQuotas.Of(container).Quota is { } quota and not ImageQuota)
        {
            quota.SetLimits(DiskLimits.None);
            if (!forget)
                Note(container, quota, isOn: false);
        }
        if (forget)
            QuotaFile.Delete(container.Engine, container.Ctid);
    }

    /// <summary>Changes the limits in force and the note of them.</summary>
    public static void Change(ContainerContext container, IDiskQuota quota, DiskLimits limits)
    {
        quota.SetLimits(limits);
        Note(container, quota, container.IsMounted);
    }

    /// <summary>Writes down what is used and allowed.</summary>
    public static QuotaFile Note(ContainerContext container, IDiskQuota quota, bool isOn)
    {
        var users = container.StoragePaths.UserQuota;
        var file = new QuotaFile(container.Private, isOn, IsDirty: false, quota.Read(), users, users ? container.Config.Get(DiskParameters.QuotaUgidLimit, 0) : 0);
        file.Save(QuotaFile.PathOf(container.Engine, container.Ctid));
        return file;
    }

    /// <summary>What of a configuration's limits this host does not enforce for a container, a line each.</summary>
    public static IEnumerable<string> WhatIsNotEnforced(ContainerContext container)
    {
        var limits = DiskLimits.Of(container.Config);
        if (!limits.Any)
            yield break;
        if (!IsWanted(container))
        {
            yield return "DISKSPACE and DISKINODES are stored and not enforced: DISK_QUOTA is no";
            yield break;
        }
        var choice = DiskQuotas.Of(container);
        if (choice.Quota is not { } quota)
        {
            yield return $"DISKSPACE and DISKINODES are stored and not enforced: {choice.WhyNot}";
            yield break;
        }
        var inodes = limits.SoftInodes != 0 || limits.HardInodes != 0;
        if (inodes && quota is not ImageQuota && !quota.Abilities.HasFlag(QuotaAbilities.Inodes))
            yield return $"DISKINODES is stored and not enforced: a {quota.Name} knows no inode limits";
        if (limits.NeedsGrace && limits.SoftKiB != 0 && limits.SoftKiB != limits.HardKiB && !quota.Abilities.HasFlag(QuotaAbilities.SoftLimits))
            yield return $"The soft limit of DISKSPACE is stored and not enforced: {(quota is ImageQuota ? "an image" : $"a {quota.Name}")} has only the hard one";
    }

    /// <summary>The mechanism of a container that is about to be removed; null if there is nothing to forget.</summary>
    public static IDiskQuota? ToForget(ContainerContext container)
    {
        try
        {
            return Directory.Exists(container.Private) ? DiskQuotas.Of(container).Quota : null;
        }
        // A container without ids has no project, and what cannot be found out needs not be forgotten.
        catch (Exception error) when (error is InsulaException or LinuxException)
        {
            return null;
        }
    }

    /// <summary>Forgets a container that has been removed. What stays behind is a limit on nothing.</summary>
    public static void Forget(ContainerContext container, IDiskQuota? quota)
    {
        QuotaFile.Delete(container.Engine, container.Ctid);
        try
        {
            quota?.Forget();
        }
        catch (LinuxException error)
        {
            container.Engine.Reporter.Warning($"The limits of CT {container.Ctid} were not removed: {error.Message}");
        }
    }
}
