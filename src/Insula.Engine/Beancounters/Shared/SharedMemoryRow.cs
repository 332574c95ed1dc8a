using Insula.Engine.Containers;

namespace Insula.Engine.Beancounters.Shared;

/// <summary>Resident memory of one container, in bytes, by each way of counting it.</summary>
/// <param name="Ctid">The container.</param>
/// <param name="Processes">How many processes were looked at.</param>
/// <param name="Rss">RSS of its processes, summed: what several of them share counts several times.</param>
/// <param name="Pss">PSS of its processes, summed: a page counts for each process by how many of the whole host map it.</param>
/// <param name="Distinct">Pages in its page tables, each once.</param>
/// <param name="Share">The same as beancounters count: a page that other containers hold too counts in part (<see cref="PageShare"/>).</param>
/// <param name="Cgroup">What its cgroup is charged with, page cache and kernel memory included; null where nothing charges it.</param>
public sealed record SharedMemoryRow(Ctid Ctid, int Processes, long Rss, long Pss, long Distinct, long Share, long? Cgroup);
