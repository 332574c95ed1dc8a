namespace Insula.Engine.Distributions;

/// <summary>A file of shell assignments, as text: <c>HOSTNAME="web"</c>. The last of a name counts.</summary>
internal static class Assignments
{
    /// <summary>True if the name is given a value.</summary>
    public static bool Has(string text, string name) => MarkedBlock.Lines(text).Exists(line => IsOf(line, name));

    /// <summary>Gives a name a value where it had one, else at the end; every other line stays.</summary>
    /// <param name="text">The file.</param>
    /// <param name="name">The variable.</param>
    /// <param name="value">Checked text without quotes, dollars or backslashes.</param>
    public static string With(string text, string name, string value)
    {
        var lines = MarkedBlock.Lines(text);
        var assignment = $"{name}=\"{value}\"";
        var last = lines.FindLastIndex(line => IsOf(line, name));
        if (last < 0)
            lines.Add(assignment);
        else if (lines[last] == assignment)
            return text;
        else
            lines[last] = assignment;
        return string.Join('\n', lines) + "\n";
    }

    private static bool IsOf(string line, string name)
    {
        var start = line.AsSpan().TrimStart();
        return start.Length > name.Length && start[name.Length] == '=' && start.StartsWith(name, StringComparison.Ordinal);
    }
}
