using Insula.Engine.Configuration;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>An absolute path on the host that may hold $VEID or ${VEID}; nothing in it means anything to a shell or goes up.</summary>
public sealed class PathKind : ValueKind<string>
{
    private const int Longest = 4000; // PATH_MAX less what is put in place of $VEID and behind it

    /// <inheritdoc/>
    public override string Accepts => "an absolute path without .. that may hold $VEID";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out string value)
    {
        value = text;
        if (text.Length > Longest)
            return $"longer than {Longest} characters";
        if (!text.StartsWith('/'))
            return "not an absolute path";
        foreach (var part in text.AsSpan().Split('/'))
        {
            if (text.AsSpan()[part] is "..")
                return "it leads upwards";
        }
        for (var i = 0; i < text.Length; i++)
        {
            var variable = VeidPattern.VariableLength(text.AsSpan(i));
            if (variable > 0)
                i += variable - 1;
            else if (char.IsControl(text[i]) || text[i] is '"' or '$' or '`' or '\\' or '\uFFFD')
                return "it holds a character that a path of a container must not hold";
        }
        return null;
    }

    /// <inheritdoc/>
    public override string Format(string value) => value;
}
