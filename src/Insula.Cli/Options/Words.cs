namespace Insula.Cli.Options;

/// <summary>Parts of a command line.</summary>
internal static class Words
{
    /// <summary>The words from an index on.</summary>
    public static string[] After(IReadOnlyList<string> words, int start)
    {
        var rest = new string[Math.Max(0, words.Count - start)];
        for (var i = 0; i < rest.Length; i++)
            rest[i] = words[start + i];
        return rest;
    }
}
