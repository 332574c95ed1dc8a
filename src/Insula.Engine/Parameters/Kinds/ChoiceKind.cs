namespace Insula.Engine.Parameters.Kinds;

/// <summary>One of a few words.</summary>
/// <param name="words">The words.</param>
public sealed class ChoiceKind(params string[] words) : ValueKind<string>
{
    /// <inheritdoc/>
    public override string Accepts => string.Join(", ", words);

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out string value)
    {
        value = text;
        return words.Contains(text, StringComparer.Ordinal) ? null : "not one of the words";
    }

    /// <inheritdoc/>
    public override string Format(string value) => value;
}
