using Insula.Cli.Options;

namespace Insula.Cli.Help;

/// <summary>What help and manual page say of one program.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Summary">One line, for NAME of the manual page.</param>
/// <param name="Synopsis">The usage lines.</param>
internal sealed record ProgramManual(string Name, string Summary, IReadOnlyList<string> Synopsis)
{
    /// <summary>DESCRIPTION, a paragraph each.</summary>
    public IReadOnlyList<string> Description { get; init; } = [];

    /// <summary>The options of the program itself.</summary>
    public IReadOnlyList<Option> Options { get; init; } = [];

    /// <summary>Its commands.</summary>
    public IReadOnlyList<CommandManual> Commands { get; init; } = [];

    /// <summary>What its operands are, for completion.</summary>
    public OperandKind Operand { get; init; } = OperandKind.None;

    /// <summary>Further sections.</summary>
    public IReadOnlyList<ManualSection> Sections { get; init; } = [];

    /// <summary>The pages to see also.</summary>
    public IReadOnlyList<string> SeeAlso { get; init; } = [];
}

/// <summary>A section of a manual page: a table of terms.</summary>
/// <param name="Title">Its title, in capitals.</param>
/// <param name="Entries">Terms and what they mean.</param>
internal sealed record ManualSection(string Title, IReadOnlyList<(string Term, string Text)> Entries);
