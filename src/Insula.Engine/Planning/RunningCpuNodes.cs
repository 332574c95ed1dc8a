using Insula.Engine.Containers;
using Insula.Engine.Operations;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Planning;

/// <summary>Who takes part in the division of this host's processors now.</summary>
public static class RunningCpuNodes
{
    /// <summary>The host, and the running containers with the weight that they really have.</summary>
    public static IReadOnlyList<CpuNode> Read(EngineContext engine)
    {
        var nodes = new List<CpuNode> { new(Ctid.Host, engine.Global.HostCpuUnits) };
        foreach (var ctid in engine.Store.List())
        {
            if (engine.Runtime.IsRunning(ctid) && engine.Store.TryLoad(ctid) is { } stored)
                nodes.Add(new CpuNode(ctid, AppliedConfig.Load(engine, stored).Get(CpuParameters.CpuUnits)));
        }
        return nodes;
    }
}
