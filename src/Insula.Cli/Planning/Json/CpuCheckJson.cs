namespace Insula.Cli.Planning.Json;

/// <summary>What <c>vzcpucheck --json</c> shows, in CPU units.</summary>
internal sealed record CpuCheckJson(long Utilization, decimal Power, bool Overcommitted, IReadOnlyList<CpuNodeJson> Nodes);

/// <summary>The host (0), or a container.</summary>
internal sealed record CpuNodeJson(int Ctid, long CpuUnits);
