namespace Insula.Engine.Parameters.Kinds;

/// <summary><c>yes</c> or <c>no</c>.</summary>
public sealed class YesNoKind : ValueKind<bool>
{
    /// <inheritdoc/>
    public override string Accepts => "yes or no";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out bool value)
    {
        value = text.Equals("yes", StringComparison.OrdinalIgnoreCase);
        return value || text.Equals("no", StringComparison.OrdinalIgnoreCase) ? null : "neither yes nor no";
    }

    /// <inheritdoc/>
    public override string Format(bool value) => value ? "yes" : "no";
}
