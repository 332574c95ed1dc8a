using Insula.Engine.Containers;
using Insula.Engine.Quotas;

namespace Insula.Engine.Operations;

/// <summary>`vzctl quotainit`, `quotaon` and `quotaoff`: what start and stop do by themselves, for an administrator who wants it now.</summary>
internal sealed class QuotaOperation(ContainerContext container)
{
    /// <summary>Counts what the container has. The caller holds the lock.</summary>
    public void Initialize()
    {
        if (IsImage())
            return;
        if (container.IsRunning)
            throw new InsulaException(ExitCode.Running, "Container is running. Stop it first", "its files are counted while nobody changes them");
        RequireLimits();
        IdRangeGrant.Ensure(container);
        var quota = Mechanism(ExitCode.QuotaInit);
        quota.Prepare();
        ContainerQuota.Note(container, quota, container.IsMounted);
        container.Engine.Reporter.Info("Quota was initialized");
    }

    /// <summary>Puts the limits into force. The caller holds the lock.</summary>
    public void TurnOn()
    {
        if (IsImage())
            return;
        if (!ContainerQuota.IsWanted(container))
            throw new InsulaException(ExitCode.QuotaOn, $"Disk quota of CT {container.Ctid} is switched off (DISK_QUOTA=no)", "vzctl set --diskquota yes --save");
        RequireLimits();
        if (!container.IsRunning)
            IdRangeGrant.Ensure(container);
        var quota = Mechanism(ExitCode.QuotaOn);
        if (!container.IsRunning)
            quota.Prepare();
        quota.SetLimits(DiskLimits.Of(container.Config));
        ContainerQuota.Note(container, quota, isOn: true);
        container.Engine.Reporter.Info("Quota was turned on");
    }

    /// <summary>Takes the limits away. The caller holds the lock.</summary>
    public void TurnOff()
    {
        if (IsImage())
            return;
        var quota = Mechanism(ExitCode.QuotaOff);
        if (QuotaFile.TryLoad(QuotaFile.PathOf(container.Engine, container.Ctid)) is not { IsOn: true })
            throw new InsulaException(ExitCode.QuotaOff, $"Disk quota of CT {container.Ctid} is not on");
        quota.SetLimits(DiskLimits.None);
        ContainerQuota.Note(container, quota, isOn: false);
        container.Engine.Reporter.Info("Quota was turned off");
    }

    private bool IsImage()
    {
        MountOperation.RequirePrivateArea(container);
        if (container.Storage is not Storage.ImageLayout)
            return false;
        container.Engine.Reporter.Info("CT is on an image, disk quota is obsoleted: the image's size is its quota");
        return true;
    }

    private void RequireLimits()
    {
        var limits = DiskLimits.Of(container.Config);
        if (limits.HardKiB == 0)
            throw new InsulaException(ExitCode.DiskSpaceNotSet, $"DISKSPACE of CT {container.Ctid} is not set", "vzctl set --diskspace N:N --save");
        if (limits.HardInodes == 0)
            throw new InsulaException(ExitCode.DiskInodesNotSet, $"DISKINODES of CT {container.Ctid} is not set", "vzctl set --diskinodes N:N --save");
        if (limits.SoftKiB == 0 || limits.SoftInodes == 0)
            throw new InsulaException(ExitCode.NotEnoughQuotaLimits, $"A soft limit of CT {container.Ctid} is 0", "give soft and hard limits: N:N");
    }

    private IDiskQuota Mechanism(ExitCode code)
    {
        var choice = DiskQuotas.Of(container);
        return choice.Quota ?? throw new InsulaException(code, $"CT {container.Ctid} has no disk quota on this host: {choice.WhyNot}");
    }
}
