using Insula.Engine.Parameters;

namespace Insula.Engine.Beancounters;

/// <summary>A resource that a beancounter accounts.</summary>
/// <param name="Number">Its row in /proc/user_beancounters, from 0; rows 4 and 20 to 22 are called "dummy" there and are nobody's.</param>
/// <param name="Unit">What it is counted in.</param>
/// <param name="Parameter">The parameter that holds its barrier and limit.</param>
public sealed record BeancounterResource(int Number, BeancounterUnit Unit, ParameterDeclaration<BarrierLimit> Parameter)
{
    /// <summary>Its name, as in /proc/user_beancounters: <c>kmemsize</c>.</summary>
    public string Name { get; } = Parameter.Key.ToLowerInvariant();
}
