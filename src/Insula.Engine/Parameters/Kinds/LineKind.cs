using System.Text;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>Any text on one line; control characters are refused since lists show it on terminals.</summary>
/// <param name="maximum">The longest text, in characters.</param>
public sealed class LineKind(int maximum) : ValueKind<string>
{
    /// <inheritdoc/>
    public override string Accepts => $"one line of text of up to {maximum} characters";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out string value)
    {
        value = text;
        if (text.Length > maximum)
            return $"longer than {maximum} characters";
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] != '\t')
                return text[i] == '\n' ? "it holds a line break" : "it holds a control character";
            if (text[i] == Rune.ReplacementChar.Value || (char.IsSurrogate(text[i]) && !char.IsSurrogatePair(text, i)))
                return "it is no valid UTF-8 text";
            if (char.IsSurrogate(text[i]))
                i++;
        }
        return null;
    }

    /// <inheritdoc/>
    public override string Format(string value) => value;
}
