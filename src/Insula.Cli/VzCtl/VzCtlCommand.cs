using Insula.Cli.Options;

namespace Insula.Cli.VzCtl;

/// <summary>A command of vzctl: <c>vzctl start</c>. One class and one file each.</summary>
internal abstract class VzCtlCommand
{
    /// <summary>Its name.</summary>
    public abstract string Name { get; }

    /// <summary>Another name, or null.</summary>
    public virtual string? Alias => null;

    /// <summary>What stands after the container in the usage line.</summary>
    public virtual string Operands => "";

    /// <summary>One line of help.</summary>
    public abstract string Summary { get; }

    /// <summary>What more there is to say, a paragraph each.</summary>
    public virtual IReadOnlyList<string> Notes => [];

    /// <summary>Its options.</summary>
    public virtual IReadOnlyList<Option> Options => [];

    /// <summary>The most words there may be after the container.</summary>
    public virtual int MaximumOperands => 0;

    /// <summary>True when everything after the container is a command for it and not ours to read.</summary>
    public virtual bool TakesCommandLine => false;

    /// <summary>True when CT 0 is accepted.</summary>
    public virtual bool AllowsHost => false;

    /// <summary>True when an interrupt lets the command end by taking back what it did.</summary>
    public virtual bool IsCancellable => false;

    /// <summary>Does it.</summary>
    /// <returns>The exit code.</returns>
    public abstract int Run(VzCtlCall call);
}
