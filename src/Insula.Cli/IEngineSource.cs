using Insula.Engine;
using Insula.Engine.Beancounters;
using Insula.Engine.Beancounters.Shared;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Containers.Listing;
using Insula.Engine.Planning;

namespace Insula.Cli;

/// <summary>Puts the engine together for a command. A command that needs no engine never asks.</summary>
internal interface IEngineSource
{
    /// <summary>The engine for a command that looks at or changes one container.</summary>
    IContainerEngine OpenEngine(GlobalConfig global, IReporter reporter, EngineOptions options);

    /// <summary>The list of containers.</summary>
    ContainerListing OpenListing(GlobalConfig global);

    /// <summary>The reader of beancounters.</summary>
    IBeancounterReader OpenBeancounters(GlobalConfig global);

    /// <summary>What stands behind the beancounters on this host.</summary>
    BeancounterMechanisms OpenMechanisms(GlobalConfig global);

    /// <summary>Resident memory of the running containers and how they share it.</summary>
    SharedMemory ReadSharedMemory(GlobalConfig global);

    /// <summary>Who takes part in the division of the processors.</summary>
    IReadOnlyList<CpuNode> ReadCpuNodes(GlobalConfig global);
}

/// <summary>What the command line says to the engine beside the command itself.</summary>
/// <param name="SkipLock">--skiplock: do not take the container's lock.</param>
/// <param name="Cancellation">Cancelled when the user asks to end; what has been done is then taken back.</param>
internal sealed record EngineOptions(bool SkipLock, CancellationToken Cancellation);
