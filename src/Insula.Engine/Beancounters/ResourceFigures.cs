namespace Insula.Engine.Beancounters;

/// <summary>What was found out of one resource, in its unit.</summary>
/// <param name="Held">In use now.</param>
/// <param name="MaxHeld">The most since the start, where the kernel keeps it; null: whoever reads has to keep it.</param>
/// <param name="FailCount">Refusals since the start, where the kernel counts them; null: nobody does.</param>
internal readonly record struct ResourceFigures(long Held, long? MaxHeld = null, long? FailCount = null);
