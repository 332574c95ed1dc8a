namespace Insula.Engine.Parameters.Kinds;

/// <summary>Names made of labels joined by dots (RFC 1035, 2.3.1, as relaxed by RFC 1123).</summary>
internal static class DomainName
{
    private const int LongestLabel = 63;

    /// <summary>Why <paramref name="text"/> is no such name, or null.</summary>
    public static string? WhyNot(ReadOnlySpan<char> text, bool allowUnderscore)
    {
        foreach (var part in text.Split('.'))
        {
            var label = text[part];
            if (label.Length is 0 or > LongestLabel)
                return label.Length == 0 ? "a label is empty" : $"a label is longer than {LongestLabel} characters";
            if (label[0] == '-' || label[^1] == '-')
                return "a label starts or ends with a hyphen";
            foreach (var character in label)
            {
                if (!char.IsAsciiLetterOrDigit(character) && character != '-' && !(allowUnderscore && character == '_'))
                    return "it holds another character";
            }
        }
        return null;
    }
}
