using Insula.Engine;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Containers.Listing;
using Insula.Engine.Quotas;

namespace Insula.Cli;

/// <summary>The engine on this host.</summary>
internal sealed class EngineSource : IEngineSource
{
    /// <inheritdoc/>
    public IContainerEngine OpenEngine(GlobalConfig global, IReporter reporter, EngineOptions options)
        => new ContainerEngine(new EngineContext(global, reporter) { SkipLock = options.SkipLock, Cancellation = options.Cancellation });

    /// <inheritdoc/>
    public ContainerListing OpenListing(GlobalConfig global)
    {
        var context = new EngineContext(global, new SilentReporter());
        return new ContainerListing(context.Store, context.Runtime, new CgroupUsage(context));
    }

    /// <inheritdoc/>
    public IQuotaEngine OpenQuotas(GlobalConfig global, IReporter reporter) => new QuotaEngine(new EngineContext(global, reporter));

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
