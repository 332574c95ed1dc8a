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

/// <summary>The engine on this host.</summary>
internal sealed class EngineSource : IEngineSource
{
    /// <inheritdoc/>
    public IContainerEngine OpenEngine(GlobalConfig global, IReporter reporter, EngineOptions options)
        => new ContainerEngine(new EngineContext(global, reporter) { SkipLock = options.SkipLock, Cancellation = options.Cancellation });

    /// <inheritdoc/>
    public HostBoot OpenBoot(GlobalConfig global, IReporter reporter) => new(new EngineContext(global, reporter));

    /// <inheritdoc/>
    public ContainerListing OpenListing(GlobalConfig global)
    {
        var context = Silent(global);
        return new ContainerListing(context.Store, context.Runtime, new AccountUsage(context));
    }

    /// <inheritdoc/>
    public IBeancounterReader OpenBeancounters(GlobalConfig global) => new BeancounterReader(Silent(global));

    /// <inheritdoc/>
    public BeancounterMechanisms OpenMechanisms(GlobalConfig global) => BeancounterMechanisms.OfThisHost(Silent(global));

    /// <inheritdoc/>
    public SharedMemory ReadSharedMemory(GlobalConfig global) => new SharedMemoryReader(Silent(global)).Read();

    /// <inheritdoc/>
    public IReadOnlyList<CpuNode> ReadCpuNodes(GlobalConfig global) => RunningCpuNodes.Read(Silent(global));

    /// <inheritdoc/>
    public IQuotaEngine OpenQuotas(GlobalConfig global, IReporter reporter) => new QuotaEngine(new EngineContext(global, reporter));

    /// <inheritdoc/>
    public ITrafficEngine OpenTraffic(GlobalConfig global, IReporter reporter) => new TrafficEngine(new EngineContext(global, reporter));

    private static EngineContext Silent(GlobalConfig global) => new(global, new SilentReporter());

    /// <summary>A list changes nothing and has nothing to say but itself.</summary>
    private sealed class SilentReporter : IReporter
    {
        public void Info(string message)
        {
        }

        public void Warning(string message)
        {
        }

        public void Error(string message)
        {
        }

        public void Progress(string what, long done, long total)
        {
        }
    }
}
