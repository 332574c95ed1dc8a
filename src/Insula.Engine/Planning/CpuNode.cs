using Insula.Engine.Containers;

namespace Insula.Engine.Planning;

/// <summary>Who takes part in the division of the processors.</summary>
/// <param name="Ctid">A container, or 0 for the host's own processes.</param>
/// <param name="Units">Its CPUUNITS.</param>
public readonly record struct CpuNode(Ctid Ctid, long Units);
