using Insula.Linux.Cgroups;

namespace Insula.Engine.Parts;

/// <summary>The CPUs that belong to memory nodes, for CPUMASK=auto (/sys/devices/system/node, numa(7)).</summary>
internal static class NodeCpus
{
    public static CpuSet Of(CpuSet nodes)
    {
        var cpus = new List<int>();
        foreach (var node in nodes.Members)
        {
            var path = $"/sys/devices/system/node/node{node}/cpulist";
            if (File.Exists(path))
                cpus.AddRange(CpuSet.FromKernel(File.ReadAllText(path).Trim(), path).Members);
        }
        // A kernel without NUMA has no such directory: every CPU is of the one node.
        return cpus.Count == 0 ? CpuSet.All : CpuSet.Of(cpus);
    }
}
