using System.Globalization;
using Insula.Cli.Options;
using Insula.Engine;

namespace Insula.Cli.Planning;

/// <summary>Options that several planning tools have.</summary>
internal static class PlanningOptions
{
    private const double LargestFactor = 1e6;

    /// <summary>-v yes|no: vswap or beancounters.</summary>
    public static Option Vswap(string help) => new("vswap", help) { Letter = 'v', Argument = "yes|no", Choices = ["yes", "no"] };

    /// <summary>The value of such an option; null if it was not given.</summary>
    /// <exception cref="InsulaException">21: neither yes nor no.</exception>
    public static bool? YesNo(ParsedArguments arguments, Option option) => arguments.ValueOf(option) switch
    {
        null => null,
        "yes" => true,
        "no" => false,
        var other => throw new InsulaException(ExitCode.BadValue, $"Bad value \"{other}\" for {option.Shown}", "Accepted: yes, no"),
    };

    /// <summary>The value of an option that is a factor; null if it was not given.</summary>
    /// <exception cref="InsulaException">21: it is no number, or not above 0, or much too large.</exception>
    public static double? Factor(ParsedArguments arguments, Option option)
    {
        if (arguments.ValueOf(option) is not { } text)
            return null;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) && factor is > 0 and <= LargestFactor)
            return factor;
        throw new InsulaException(ExitCode.BadValue, $"Bad value \"{text}\" for {option.Shown}", "Accepted: a number above 0, such as 1.5");
    }
}
