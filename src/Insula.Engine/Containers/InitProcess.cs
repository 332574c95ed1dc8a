namespace Insula.Engine.Containers;

/// <summary>A container's first process: the two numbers together name one process for ever.</summary>
/// <param name="Pid">Its pid on the host.</param>
/// <param name="Started">When it was started, in ticks since boot.</param>
public readonly record struct InitProcess(int Pid, ulong Started);
