using System.Text;
using Insula.Engine.Containers;

namespace Insula.Engine.Configuration;

/// <summary>VE_ROOT and VE_PRIVATE may hold $VEID or ${VEID}: <c>/var/lib/vz/root/$VEID</c>.</summary>
public static class VeidPattern
{
    /// <summary>Puts a container's number in the place of $VEID and ${VEID}; nothing else is replaced.</summary>
    public static string Expand(string pattern, Ctid ctid)
    {
        if (!pattern.Contains('$', StringComparison.Ordinal))
            return pattern;
        var text = new StringBuilder(pattern.Length + 10);
        for (var i = 0; i < pattern.Length;)
        {
            var variable = VariableLength(pattern.AsSpan(i));
            if (variable > 0)
                text.Append(ctid.Value);
            else
                text.Append(pattern[i]);
            i += Math.Max(variable, 1);
        }
        return text.ToString();
    }

    /// <summary>How many characters $VEID or ${VEID} takes at the start of <paramref name="text"/>; 0 if it is not there.</summary>
    internal static int VariableLength(ReadOnlySpan<char> text)
    {
        const string Plain = "$VEID";
        const string Braced = "${VEID}";
        if (text.StartsWith(Braced, StringComparison.Ordinal))
            return Braced.Length;
        if (!text.StartsWith(Plain, StringComparison.Ordinal))
            return 0;
        // $VEIDS is another variable to the shell.
        var longer = text.Length > Plain.Length && (char.IsAsciiLetterOrDigit(text[Plain.Length]) || text[Plain.Length] == '_');
        return longer ? 0 : Plain.Length;
    }
}
