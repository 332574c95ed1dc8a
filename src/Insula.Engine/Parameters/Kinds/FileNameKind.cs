namespace Insula.Engine.Parameters.Kinds;

/// <summary>The name of a template or a sample: part of a file name, so letters, digits and <c>. _ + -</c> only.</summary>
public sealed class FileNameKind : ValueKind<string>
{
    private const int Longest = 128;

    /// <inheritdoc/>
    public override string Accepts => "a name of letters, digits and . _ + - that does not start with -";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out string value)
    {
        value = text;
        if (text.Length is 0 or > Longest)
            return text.Length == 0 ? "it is empty" : $"longer than {Longest} characters";
        if (text[0] == '-' || text is "." or "..")
            return "not a name";
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && character is not ('.' or '_' or '+' or '-'))
                return "it holds another character";
        }
        return null;
    }

    /// <inheritdoc/>
    public override string Format(string value) => value;
}
