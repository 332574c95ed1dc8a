namespace Insula.Engine.Beancounters.Bpf;

/// <summary>What the programs in the kernel have counted of one resource since the container started, in the resource's unit.</summary>
/// <param name="Held">In use now.</param>
/// <param name="MaxHeld">The most that was in use.</param>
/// <param name="FailCount">How often the programs have refused.</param>
public readonly record struct BpfCount(long Held, long MaxHeld, long FailCount);
