namespace Insula.Cli.VzList;

/// <summary>
/// fnmatch(3) without flags: <c>*</c> any characters, <c>?</c> one, <c>[a-c]</c> or <c>[!a-c]</c> one of a set, a backslash takes a
/// character's meaning away. Time grows with pattern times text, never more: a star that failed is not entered again.
/// </summary>
internal static class FnMatch
{
    /// <summary>True if the whole text matches.</summary>
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int at = 0, next = 0, star = -1, starText = 0;
        while (next < text.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, starText) = (at++, next);
            }
            else if (at < pattern.Length && MatchOne(pattern, ref at, text[next]))
            {
                next++;
            }
            else if (star >= 0)
            {
                // Let the last star take one character more.
                (at, next) = (star + 1, ++starText);
            }
            else
            {
                return false;
            }
        }
        while (at < pattern.Length && pattern[at] == '*')
            at++;
        return at == pattern.Length;
    }

    /// <summary>Matches one character; moves behind what matched it.</summary>
    private static bool MatchOne(ReadOnlySpan<char> pattern, ref int at, char c)
    {
        switch (pattern[at])
        {
            case '?':
                at++;
                return true;
            case '[' when MatchSet(pattern, at, c, out var end) is { } matches:
                if (matches)
                    at = end;
                return matches;
            case '\\' when at + 1 < pattern.Length:
                if (pattern[at + 1] != c)
                    return false;
                at += 2;
                return true;
            default:
                if (pattern[at] != c)
                    return false;
                at++;
                return true;
        }
    }

    /// <summary>Null when the bracket is not closed and so stands for itself.</summary>
    private static bool? MatchSet(ReadOnlySpan<char> pattern, int open, char c, out int end)
    {
        var i = open + 1;
        var negated = i < pattern.Length && pattern[i] is '!' or '^';
        if (negated)
            i++;
        var first = i;
        var matches = false;
        while (i < pattern.Length && (pattern[i] != ']' || i == first))
        {
            if (i + 2 < pattern.Length && pattern[i + 1] == '-' && pattern[i + 2] != ']')
            {
                matches |= c >= pattern[i] && c <= pattern[i + 2];
                i += 3;
            }
            else
            {
                matches |= c == pattern[i++];
            }
        }
        end = i + 1;
        return i < pattern.Length ? matches != negated : null;
    }
}
