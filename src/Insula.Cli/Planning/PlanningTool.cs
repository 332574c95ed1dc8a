using Insula.Cli.Help;
using Insula.Cli.Options;

namespace Insula.Cli.Planning;

/// <summary>A program that plans what a host's containers get: it calculates, checks or writes configurations, and runs none.</summary>
internal abstract class PlanningTool
{
    /// <summary>Its name: vzcalc.</summary>
    public abstract string Name { get; }

    /// <summary>One line, for its manual page.</summary>
    public abstract string Summary { get; }

    /// <summary>The usage lines.</summary>
    public abstract IReadOnlyList<string> Synopsis { get; }

    /// <summary>What there is to say, a paragraph each.</summary>
    public abstract IReadOnlyList<string> Description { get; }

    /// <summary>Its options beside those that all of them have.</summary>
    public abstract IReadOnlyList<Option> Options { get; }

    /// <summary>The least number of operands.</summary>
    public virtual int OperandCount => 0;

    /// <summary>The most.</summary>
    public virtual int MaximumOperands => OperandCount;

    /// <summary>What an operand is called in messages, and is for completion.</summary>
    public virtual OperandKind Operand => OperandKind.None;

    /// <summary>The exit codes.</summary>
    public virtual IReadOnlyList<(string Code, string Meaning)> ExitStatus => [("0", "Success."), ("1", "An error, of which it has told.")];

    /// <summary>Whether this call needs the host's root.</summary>
    public virtual bool NeedsRoot(ParsedArguments arguments) => true;

    /// <summary>Runs it.</summary>
    /// <returns>The exit code; an error is thrown.</returns>
    public abstract int Run(PlanningCall call);
}
