namespace Insula.Engine.Beancounters.Bpf;

/// <summary>What the programs can do about a resource on this host.</summary>
/// <param name="Exact">True if they count it and refuse above the bounds, for the container as a whole.</param>
/// <param name="Detail">How ("cgroup/sock_create"), or why not ("fmod_ret: EOPNOTSUPP"); for <c>vzubc --mechanisms</c>.</param>
public readonly record struct BpfMechanism(bool Exact, string Detail);
