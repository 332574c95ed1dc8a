namespace Insula.Engine.Parameters.Kinds;

/// <summary>
/// Entries separated by blanks (in a file) or commas as well (on the command line): addresses, name servers, domains.
/// Order is kept, an entry stands once.
/// </summary>
public abstract class TextListKind : ValueKind<IReadOnlyList<string>>
{
    private const int MostEntries = 1024;

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<string> value)
    {
        var entries = new List<string>();
        value = entries;
        foreach (var part in text.AsSpan().SplitAny(" \t,"))
        {
            var entry = text.AsSpan()[part];
            if (entry.IsEmpty)
                continue;
            if (TryEntry(entry.ToString(), out var canonical) is { } why)
                return entry.Length == text.Length ? why : $"{Quote(entry.ToString())}: {why}";
            if (!entries.Contains(canonical))
                entries.Add(canonical);
            if (entries.Count > MostEntries)
                return $"more than {MostEntries} entries";
        }
        return null;
    }

    /// <inheritdoc/>
    public override string Format(IReadOnlyList<string> value) => string.Join(' ', value);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Merge(IReadOnlyList<string> old, IReadOnlyList<string> added)
        => [.. old, .. added.Where(entry => !old.Contains(entry))];

    /// <summary>Reads one entry.</summary>
    /// <param name="text">The entry, without blanks; not empty.</param>
    /// <param name="canonical">The one spelling under which it is stored and compared.</param>
    /// <returns>Null, or why it is not accepted.</returns>
    protected abstract string? TryEntry(string text, out string canonical);
}
