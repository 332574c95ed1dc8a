namespace Insula.Engine.Distributions;

/// <summary>os-release(5), as text.</summary>
internal static class OsRelease
{
    /// <summary>True if ID or ID_LIKE names the family: <c>ID=ubuntu</c>, <c>ID_LIKE="rhel fedora"</c>.</summary>
    public static bool IsLike(string text, string family)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var equals = line.IndexOf('=');
            if (equals < 0 || line[..equals] is not ("ID" or "ID_LIKE"))
                continue;
            var value = line[(equals + 1)..].Trim().Trim("\"'");
            foreach (var range in value.Split(' '))
            {
                if (value[range].SequenceEqual(family))
                    return true;
            }
        }
        return false;
    }
}
