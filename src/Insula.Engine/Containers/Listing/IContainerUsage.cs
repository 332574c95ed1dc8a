using Insula.Engine.Parameters;

namespace Insula.Engine.Containers.Listing;

/// <summary>What the kernel says of a running container. Each call reads only what it is asked for.</summary>
public interface IContainerUsage
{
    /// <summary>Use of one of the beancounters; all of it null where nothing measures it.</summary>
    ResourceUsage ReadResource(Ctid ctid, ParameterDeclaration resource);

    /// <summary>Barrier and limit in force of one of the beancounters of a running container; null when it does not run.</summary>
    BarrierLimit? ReadBounds(Ctid ctid, ParameterDeclaration resource);

    /// <summary>The load average; null where nothing measures it.</summary>
    LoadAverage? ReadLoadAverage(Ctid ctid);

    /// <summary>Use of the disk quota, of a stopped container too; null where there is none.</summary>
    DiskUsage? ReadDisk(Ctid ctid);
}
