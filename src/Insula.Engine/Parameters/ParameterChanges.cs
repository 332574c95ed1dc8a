using Insula.Engine.Containers;

namespace Insula.Engine.Parameters;

/// <summary>What one command (<c>set</c>, <c>create</c>) wants to be different, a change per parameter in the order they were asked for.</summary>
public sealed class ParameterChanges
{
    private readonly List<ParameterChange> _changes = [];

    /// <summary>The changes.</summary>
    public IReadOnlyList<ParameterChange> Changes => _changes;

    /// <summary>The change of a parameter, or null.</summary>
    public ParameterChange? this[ParameterDeclaration parameter] => _changes.Find(change => ReferenceEquals(change.Parameter, parameter));

    /// <summary>These changes without those that wait for a restart.</summary>
    public ParameterChanges Live()
    {
        var live = new ParameterChanges();
        live._changes.AddRange(_changes.Where(change => change.Parameter.Change != ChangeMoment.Restart));
        return live;
    }

    /// <summary>Takes an option with its value, as it stands on the command line.</summary>
    /// <param name="parameter">The parameter that the option changes.</param>
    /// <param name="option">One of its options.</param>
    /// <param name="text">The option's value.</param>
    /// <param name="context">What the value's meaning depends on.</param>
    /// <exception cref="InsulaException">The value is not accepted.</exception>
    public void Add(ParameterDeclaration parameter, SetOption option, string text, ParseContext context)
    {
        var kind = option.CommandLineKind ?? parameter.Kind;
        Of(parameter).Add(option, kind.ParseObject($"--{option.Name}", text, context));
    }

    /// <summary>Takes an option by its long name.</summary>
    /// <exception cref="InsulaException">There is no such option (20), or the value is not accepted.</exception>
    public void Add(OptionValue option, ParseContext context)
    {
        if (ParameterCatalog.FindOption(option.Name) is not var (parameter, declared))
            throw new InsulaException(ExitCode.BadSyntax, $"Unknown option --{option.Name}");
        Add(parameter, declared, option.Value, context);
    }

    /// <summary>Takes a value as it stands in a configuration file or sample.</summary>
    /// <exception cref="InsulaException">The value is not accepted.</exception>
    public void AddStored(ParameterDeclaration parameter, string text)
        => Of(parameter).Add(new SetOption(parameter.Key, "", ""), parameter.Kind.ParseObject(parameter.Key, text, ParseContext.Default));

    /// <summary>Gives a parameter a value that was not typed by a user: VE_LAYOUT and OSTEMPLATE of a new container.</summary>
    public void Set<T>(ParameterDeclaration<T> parameter, T value)
        where T : notnull
        => Of(parameter).Add(new SetOption(parameter.Key, "", ""), value);

    private ParameterChange Of(ParameterDeclaration parameter)
    {
        if (this[parameter] is { } change)
            return change;
        change = new ParameterChange(parameter);
        _changes.Add(change);
        return change;
    }
}
