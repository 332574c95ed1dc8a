namespace Insula.Engine.Parameters;

/// <summary>A command-line option of <c>vzctl set</c> or <c>create</c> that changes a parameter.</summary>
/// <param name="Name">The long name without dashes: "cpuunits".</param>
/// <param name="Argument">The placeholder in help: "N[:N]".</param>
/// <param name="Help">One line of help, without a full stop.</param>
public sealed record SetOption(string Name, string Argument, string Help)
{
    /// <summary>Further long names: "ip" for "ipadd".</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The short letter, or null.</summary>
    public char? Letter { get; init; }

    /// <summary>What it does with its value.</summary>
    public OptionEffect Effect { get; init; }

    /// <summary>How the command line writes the value, where that is not how the file does (--ram, --iolimit); else null.</summary>
    public ValueKind? CommandLineKind { get; init; }

    /// <summary>False for an option that only <c>create</c> takes.</summary>
    public bool OnSet { get; init; } = true;

    /// <summary>True for an option that <c>create</c> takes.</summary>
    public bool OnCreate { get; init; }
}
