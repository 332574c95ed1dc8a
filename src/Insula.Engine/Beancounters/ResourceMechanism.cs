namespace Insula.Engine.Beancounters;

/// <summary>What stands behind one row of a beancounter on this host.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Mechanism">How much is enforced.</param>
/// <param name="Explanation">By what it is counted and bounded, one line without a full stop.</param>
public sealed record ResourceMechanism(BeancounterResource Resource, Mechanism Mechanism, string Explanation)
{
    /// <summary>The mechanism in one word, as commands print it.</summary>
    public string Word => Mechanism switch
    {
        Mechanism.Exact => "exact",
        Mechanism.PerProcess => "per-process",
        Mechanism.Sampled => "sampled",
        _ => "none",
    };
}
