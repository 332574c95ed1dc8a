using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Parameters;

/// <summary>Every parameter of a container, and the ways to find one.</summary>
public static class ParameterCatalog
{
    /// <summary>All declarations, by group, in the order of help.</summary>
    public static IReadOnlyList<ParameterDeclaration> All { get; } =
    [
        .. GeneralParameters.All, .. NetworkParameters.All, .. FirewallParameters.All, .. TrafficParameters.All, .. CpuParameters.All,
        .. BeancounterParameters.All, .. DiskParameters.All, .. DeviceParameters.All,
    ];

    /// <summary>The declaration of a configuration key or one of its aliases, or null.</summary>
    public static ParameterDeclaration? FindKey(string key)
    {
        foreach (var parameter in All)
        {
            if (parameter.Key == key || parameter.KeyAliases.Contains(key))
                return parameter;
        }
        return null;
    }

    /// <summary>The declaration and option of a long option name, without dashes, or null.</summary>
    public static (ParameterDeclaration Parameter, SetOption Option)? FindOption(string name)
        => FindOption(option => option.Name == name || option.Aliases.Contains(name));

    /// <summary>The declaration and option of a short option letter, or null.</summary>
    public static (ParameterDeclaration Parameter, SetOption Option)? FindOption(char letter)
        => FindOption(option => option.Letter == letter);

    private static (ParameterDeclaration Parameter, SetOption Option)? FindOption(Func<SetOption, bool> matches)
    {
        foreach (var parameter in All)
        {
            foreach (var option in parameter.Options)
            {
                if (matches(option))
                    return (parameter, option);
            }
        }
        return null;
    }
}
