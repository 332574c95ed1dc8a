using Insula.Engine.Parameters;

namespace Insula.Engine.Planning.Validation;

/// <summary>Something that must be so between the bounds of a configuration.</summary>
/// <param name="Severity">How bad it is if it is not.</param>
/// <param name="Needs">The parameters it speaks of; without one of them there is nothing to check.</param>
/// <param name="Check">What is wrong and how it can be made right; null if nothing is.</param>
internal sealed record ConsistencyRule(
    FindingSeverity Severity,
    IReadOnlyList<ParameterDeclaration<BarrierLimit>> Needs,
    Func<BoundsInHand, (string Message, Repair? Repair)?> Check)
{
    /// <summary>What is wrong, or null.</summary>
    public Finding? Find(BoundsInHand bounds)
        => Needs.All(bounds.Has) && Check(bounds) is var (message, repair) ? new Finding(Severity, message, repair) : null;

    /// <summary>A parameter's name in messages: numproc.</summary>
    public static string NameOf(ParameterDeclaration parameter) => parameter.Key.ToLowerInvariant();
}
