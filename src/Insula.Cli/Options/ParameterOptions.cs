using Insula.Engine.Containers;
using Insula.Engine.Parameters;

namespace Insula.Cli.Options;

/// <summary>The options of <c>set</c> and <c>create</c> that change parameters, made from the parameters' declarations.</summary>
internal static class ParameterOptions
{
    /// <summary>The options that <c>vzctl set</c> takes.</summary>
    public static List<Option> OfSet() => Collect(option => option.OnSet, withMoment: true);

    /// <summary>The options that <c>vzctl create</c> takes.</summary>
    public static List<Option> OfCreate() => Collect(option => option.OnCreate, withMoment: false);

    /// <summary>The values given to such options, in order; <paramref name="own"/> are the command's own options, which are left out.</summary>
    public static List<OptionValue> Values(ParsedArguments arguments, IReadOnlyList<Option> own)
    {
        var values = new List<OptionValue>();
        foreach (var given in arguments.Options)
        {
            if (!own.Contains(given.Option))
                values.Add(new OptionValue(given.Option.Name, given.Value));
        }
        return values;
    }

    private static List<Option> Collect(Func<SetOption, bool> wanted, bool withMoment)
    {
        var options = new List<Option>();
        foreach (var parameter in ParameterCatalog.All)
        {
            foreach (var option in parameter.Options)
            {
                if (wanted(option))
                    options.Add(From(parameter, option, withMoment));
            }
        }
        return options;
    }

    private static Option From(ParameterDeclaration parameter, SetOption option, bool withMoment) => new(option.Name, HelpOf(parameter, option, withMoment))
    {
        Letter = option.Letter,
        Argument = option.Argument,
        Aliases = option.Aliases,
        Choices = option.Argument == "yes|no" ? ["yes", "no"] : [],
        Group = HeadingOf(parameter.Group),
    };

    private static string HelpOf(ParameterDeclaration parameter, SetOption option, bool withMoment)
    {
        // --ram and --iolimit say their own unit.
        var unit = parameter.Unit is { } name && option.CommandLineKind is null && !option.Help.Contains(name, StringComparison.Ordinal) ? $" ({name})" : "";
        var moment = parameter.Change switch
        {
            _ when !withMoment => "",
            ChangeMoment.Restart => "; takes effect at the next start",
            ChangeMoment.Stopped => "; the container must be stopped",
            _ => "",
        };
        return $"{option.Help}{unit}{moment}{(parameter.StoredOnly ? "; stored, not enforced yet" : "")}";
    }

    private static string HeadingOf(ParameterGroup group) => group switch
    {
        ParameterGroup.General => "General",
        ParameterGroup.Network => "Network",
        ParameterGroup.Memory => "Memory",
        ParameterGroup.Beancounters => "Beancounters",
        ParameterGroup.Cpu => "CPU",
        ParameterGroup.Io => "Disk input and output",
        ParameterGroup.Disk => "Disk",
        _ => "Devices and capabilities",
    };
}
