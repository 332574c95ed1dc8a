namespace Insula.Cli.Options;

/// <summary>An option of a command: what the parser accepts and what help, manual pages and completion say of it.</summary>
/// <param name="Name">The long name without dashes; empty for an option that has only a letter.</param>
/// <param name="Help">One line of help, without a full stop.</param>
internal sealed record Option(string Name, string Help)
{
    /// <summary>The short letter, or null.</summary>
    public char? Letter { get; init; }

    /// <summary>The placeholder of its value in help; null for an option without a value.</summary>
    public string? Argument { get; init; }

    /// <summary>Further long names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>True when everything after it belongs to it (<c>enter --exec</c>).</summary>
    public bool TakesRest { get; init; }

    /// <summary>The words its value may be, for completion; empty: anything.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The heading it stands under in help; null for the command's own options.</summary>
    public string? Group { get; init; }

    /// <summary>True for what is accepted for old scripts only and not shown.</summary>
    public bool Hidden { get; init; }

    /// <summary>How a message calls it: <c>--cpuunits</c>, <c>-1</c>.</summary>
    public string Shown => Name.Length > 0 ? $"--{Name}" : $"-{Letter}";
}
