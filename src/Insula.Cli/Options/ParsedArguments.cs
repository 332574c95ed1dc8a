using System.Globalization;
using Insula.Engine;

namespace Insula.Cli.Options;

/// <summary>A command line taken apart.</summary>
internal sealed class ParsedArguments
{
    /// <summary>The options in the order given.</summary>
    public List<GivenOption> Options { get; } = [];

    /// <summary>The words that are neither options nor their values.</summary>
    public List<string> Operands { get; } = [];

    /// <summary>The words after an option that takes the rest of the line.</summary>
    public List<string> Rest { get; } = [];

    /// <summary>What is wrong with the line, or null. Thrown by the caller when its turn has come: a bad CTID is told of first.</summary>
    public InsulaException? Error { get; set; }

    /// <summary>True when the option was given.</summary>
    public bool Has(Option option) => Options.Exists(given => ReferenceEquals(given.Option, option));

    /// <summary>The value of an option that was given, the last one counting; else null.</summary>
    public string? ValueOf(Option option)
    {
        var last = Options.FindLastIndex(given => ReferenceEquals(given.Option, option));
        return last < 0 ? null : Options[last].Value;
    }

    /// <summary>Every value of a repeated option, in order.</summary>
    public List<string> ValuesOf(Option option)
    {
        var values = new List<string>();
        foreach (var given in Options)
        {
            if (ReferenceEquals(given.Option, option))
                values.Add(given.Value);
        }
        return values;
    }

    /// <summary>The value as a whole number.</summary>
    /// <exception cref="InsulaException">21: it is none, or out of bounds.</exception>
    public long? NumberOf(Option option, long minimum, long maximum)
    {
        if (ValueOf(option) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum)
            return number;
        throw new InsulaException(ExitCode.BadValue, $"Bad value \"{text}\" for {option.Shown}", $"Accepted: a number from {minimum} to {maximum}");
    }
}
