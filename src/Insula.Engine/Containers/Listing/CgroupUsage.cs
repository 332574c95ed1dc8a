using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Containers.Listing;

/// <summary>What the cgroups of running containers tell: memory, swap and processes. The other beancounters have no mechanism yet.</summary>
/// <param name="engine">Where the groups are.</param>
public sealed class CgroupUsage(EngineContext engine) : IContainerUsage
{
    private const int PageSize = 4096;

    /// <inheritdoc/>
    public ResourceUsage ReadResource(Ctid ctid, ParameterDeclaration resource)
    {
        try
        {
            if (ReferenceEquals(resource, BeancounterParameters.NumProc))
                return engine.Group(ctid).Pids is { } pids ? new ResourceUsage(pids.Current, pids.Peak, pids.FailCount) : default;
            if (ReferenceEquals(resource, BeancounterParameters.PhysPages))
                return engine.Group(ctid).Memory is { } memory ? OfMemory(memory.ReadUsage()) : default;
            if (ReferenceEquals(resource, BeancounterParameters.SwapPages))
                return engine.Group(ctid).Memory is { } swap ? new ResourceUsage(swap.ReadUsage().SwapCurrent / PageSize, null, null) : default;
            return default;
        }
        // The container has stopped since it was found running.
        catch (LinuxException error) when (error.Errno is Errno.ENOENT or Errno.ENODEV)
        {
            return default;
        }
    }

    /// <inheritdoc/>
    public LoadAverage? ReadLoadAverage(Ctid ctid) => null;

    /// <inheritdoc/>
    public DiskUsage? ReadDisk(Ctid ctid) => DiskUsageReader.Read(engine, ctid);

    private static ResourceUsage OfMemory(MemoryUsage usage) => new(usage.Current / PageSize, usage.Peak / PageSize, usage.FailCount);
}
