using Insula.Engine.Quotas;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Containers.Listing;

/// <summary>What a container uses of its disk, by whichever mechanism counts it.</summary>
internal static class DiskUsageReader
{
    /// <summary>Usage; null where nothing counts it.</summary>
    public static DiskUsage? Read(EngineContext engine, Ctid ctid)
    {
        try
        {
            if (engine.Store.TryLoad(ctid) is not { } config)
                return null;
            var container = new ContainerContext(engine, config);
            // Nobody has been counting for a container that was never mounted with a quota.
            if (DiskQuotas.Of(container).Quota is not { } quota || (quota is not ImageQuota && QuotaFile.TryLoad(QuotaFile.PathOf(engine, ctid)) == null))
                return null;
            var state = quota.Read();
            return new DiskUsage(state.Space.Usage, quota is SubvolumeQuota ? null : state.Inodes.Usage);
        }
        // A list does not fail over one container.
        catch (Exception error) when (error is InsulaException or LinuxException or IOException)
        {
            return null;
        }
    }
}
