using Insula.Engine.Containers.Listing;

namespace Insula.Cli.VzList;

/// <summary>A field of vzlist: how it looks in a column, how in JSON, and what it is sorted by. Reads nothing before it is asked.</summary>
/// <param name="Name">Its name: "numproc.m".</param>
/// <param name="Header">The column's header: "NPROC.M".</param>
/// <param name="Width">The column's width; negative for left-aligned.</param>
internal sealed record Field(string Name, string Header, int Width)
{
    /// <summary>The text of the column; null where nothing is known, shown as "-".</summary>
    public required Func<ListedContainer, string?> Text { get; init; }

    /// <summary>Writes the JSON value; null for a field that JSON does not have (those with a suffix).</summary>
    public Action<JsonText, ListedContainer>? Json { get; init; }

    /// <summary>What numbers are sorted by; null: sorted as text.</summary>
    public Func<ListedContainer, double?>? Number { get; init; }

    /// <summary>True for a value that is cut to the column's width. A number never is: it would be another number.</summary>
    public bool IsText { get; init; }

    /// <summary>True for a list separated by blanks, of which a column that is not the last shows only the first entry.</summary>
    public bool IsList { get; init; }
}
