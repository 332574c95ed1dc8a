namespace Insula.Engine.Planning.Validation;

/// <summary>Something that is wrong with a configuration.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Message">What is wrong: <c>barrier should be equal to limit for numproc (currently, 10:20)</c>.</param>
/// <param name="Repair">What would make it right; null where only a person can tell.</param>
public sealed record Finding(FindingSeverity Severity, string Message, Repair? Repair = null)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Severity}: {Message}";
}
