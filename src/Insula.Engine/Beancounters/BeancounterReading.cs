namespace Insula.Engine.Beancounters;

/// <summary>One row of a beancounter, in the resource's unit; <see cref="Parameters.BarrierLimit.Unlimited"/> where there is no bound.</summary>
/// <param name="Resource">What is counted.</param>
/// <param name="Held">In use now.</param>
/// <param name="MaxHeld">The most that was in use since the container started.</param>
/// <param name="Barrier">The barrier in force.</param>
/// <param name="Limit">The limit in force.</param>
/// <param name="FailCount">How often it was refused since the container started.</param>
public readonly record struct BeancounterReading(BeancounterResource Resource, long Held, long MaxHeld, long Barrier, long Limit, long FailCount);
