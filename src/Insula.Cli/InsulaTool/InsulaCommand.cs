using Insula.Cli.Options;

namespace Insula.Cli.InsulaTool;

/// <summary>A command of insula, of one to three words: <c>insula template create</c>. One class and one file each.</summary>
internal abstract class InsulaCommand
{
    /// <summary>Its words.</summary>
    public abstract string Name { get; }

    /// <summary>What stands after the words in the usage line.</summary>
    public virtual string Operands => "";

    /// <summary>One line of help.</summary>
    public abstract string Summary { get; }

    /// <summary>What more there is to say, a paragraph each.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Its options.</summary>
    public virtual IReadOnlyList<Option> Options => [];

    /// <summary>How many operands there must be.</summary>
    public virtual int OperandCount => 0;

    /// <summary>How many there may be.</summary>
    public virtual int MaximumOperands => OperandCount;

    /// <summary>True unless everybody may run it.</summary>
    public virtual bool NeedsRoot => true;

    /// <summary>True when an interrupt lets the command end by taking back what it did.</summary>
    public virtual bool IsCancellable => false;

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    public abstract int Run(InsulaCall call);
}
