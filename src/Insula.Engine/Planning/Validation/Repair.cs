using Insula.Engine.Parameters;

namespace Insula.Engine.Planning.Validation;

/// <summary>A value that makes a configuration right.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Value">Its new barrier and limit.</param>
public sealed record Repair(ParameterDeclaration<BarrierLimit> Parameter, BarrierLimit Value);
