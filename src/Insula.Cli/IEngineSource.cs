using Insula.Engine;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Containers.Listing;
using Insula.Engine.Quotas;

namespace Insula.Cli;

/// <summary>Puts the engine together for a command. A command that needs no engine never asks.</summary>
internal interface IEngineSource
{
    /// <summary>The engine for a command that looks at or changes one container.</summary>
    IContainerEngine OpenEngine(GlobalConfig global, IReporter reporter, EngineOptions options);

    /// <summary>The list of containers.</summary>
    ContainerListing OpenListing(GlobalConfig global);

    /// <summary>The disk quotas.</summary>
    IQuotaEngine OpenQuotas(GlobalConfig global, IReporter reporter);
}

/// <summary>What the command line says to the engine beside the command itself.</summary>
/// <param name="SkipLock">--skiplock: do not take the container's lock.</param>
/// <param name="Cancellation">Cancelled when the user asks to end; what has been done is then taken back.</param>
internal sealed record EngineOptions(bool SkipLock, CancellationToken Cancellation);
