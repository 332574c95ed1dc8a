using Insula.Cli.Options;

namespace Insula.Cli.Help;

/// <summary>What help, manual pages and completion say of one command.</summary>
/// <param name="Name">Its name, of one to three words: "start", "template create".</param>
/// <param name="Operands">What stands after the name: "CTID COMMAND [ARGUMENT...]".</param>
/// <param name="Summary">One line.</param>
/// <param name="Notes">What more there is to say, a paragraph each.</param>
/// <param name="Options">Its options.</param>
internal sealed record CommandManual(string Name, string Operands, string Summary, IReadOnlyList<string> Notes, IReadOnlyList<Option> Options)
{
    /// <summary>Another name, or null.</summary>
    public string? Alias { get; init; }

    /// <summary>The name, the operands and whether there are options: "start CTID [options]".</summary>
    public string Usage
    {
        get
        {
            var hasOptions = false;
            foreach (var option in Options)
                hasOptions |= !option.Hidden;
            return $"{Name}{(Operands.Length > 0 ? " " : "")}{Operands}{(hasOptions ? " [options]" : "")}";
        }
    }
}
