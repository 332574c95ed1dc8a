namespace Insula.Engine.Parameters.Kinds;

/// <summary>The name of a group of containers: as a file's; the empty text removes it.</summary>
public sealed class GroupNameKind : ValueKind<string>
{
    private static readonly FileNameKind s_name = new();

    /// <inheritdoc/>
    public override string Accepts => $"{s_name.Accepts}; empty removes it";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out string value)
    {
        value = text;
        return text.Length == 0 ? null : s_name.TryParse(text, context, out value);
    }

    /// <inheritdoc/>
    public override string Format(string value) => value;
}
