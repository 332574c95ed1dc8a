using Insula.Engine;
using Insula.Engine.Beancounters;
using Insula.Engine.Beancounters.Shared;
using Insula.Engine.Boot;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Containers.Listing;
using Insula.Engine.Network.Traffic;
using Insula.Engine.Planning;
using Insula.Engine.Quotas;

namespace Insula.Cli;

/// <summary>Puts the engine together for a command. A command that needs no engine never asks.</summary>
internal interface IEngineSource
{
    /// <summary>The engine for a command that looks at or changes one container.</summary>
    IContainerEngine OpenEngine(GlobalConfig global, IReporter reporter, EngineOptions options);

    /// <summary>What starts and stops containers with the host.</summary>
    HostBoot OpenBoot(GlobalConfig global, IReporter reporter);

    /// <summary>The list of containers.</summary>
    ContainerListing OpenListing(GlobalConfig global);

    /// <summary>The accounts of the host and of the running containers.</summary>
    IBeancounterReader OpenBeancounters(GlobalConfig global);

    /// <summary>What stands behind the beancounters on this host.</summary>
    BeancounterMechanisms OpenMechanisms(GlobalConfig global);

    /// <summary>Resident memory of the running containers and how they share it.</summary>
    SharedMemory ReadSharedMemory(GlobalConfig global);

    /// <summary>Who takes part in the division of the processors.</summary>
    IReadOnlyList<CpuNode> ReadCpuNodes(GlobalConfig global);

    /// <summary>The disk quotas.</summary>
    IQuotaEngine OpenQuotas(GlobalConfig global, IReporter reporter);

    /// <summary>What is counted of the containers' traffic.</summary>
    ITrafficEngine OpenTraffic(GlobalConfig global, IReporter reporter);
}

/// <summary>What the command line says to the engine beside the command itself.</summary>
/// <param name="SkipLock">--skiplock: do not take the container's lock.</param>
/// <param name="Cancellation">Cancelled when the user asks to end; what has been done is then taken back.</param>
internal sealed record EngineOptions(bool SkipLock, CancellationToken Cancellation);
