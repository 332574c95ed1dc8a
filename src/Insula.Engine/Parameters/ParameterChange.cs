namespace Insula.Engine.Parameters;

/// <summary>One parameter as a command asks for it: what is taken out of it, and what is put in.</summary>
public sealed class ParameterChange
{
    internal ParameterChange(ParameterDeclaration parameter) => Parameter = parameter;

    /// <summary>The parameter.</summary>
    public ParameterDeclaration Parameter { get; }

    /// <summary>True when <see cref="Value"/> takes the place of the old value; false when it is merged into it.</summary>
    public bool Replaces { get; private set; }

    /// <summary>The value that is put in, of the declaration's type; null when only something is removed.</summary>
    public object? Value { get; private set; }

    /// <summary>The value that is taken out first, of the declaration's type; null: nothing.</summary>
    public object? Removed { get; private set; }

    /// <summary><see cref="Value"/> as the type of its declaration.</summary>
    public bool TryGet<T>(ParameterDeclaration<T> declaration, out T value)
        where T : notnull
    {
        var matches = ReferenceEquals(declaration, Parameter) && Value is not null;
        value = matches ? (T)Value! : default!;
        return matches;
    }

    /// <summary>What the parameter is after the change.</summary>
    /// <param name="old">What it was, or null when it was not set.</param>
    /// <returns>The new value; null when it is not set any more.</returns>
    public object? Result(object? old)
    {
        var kind = Parameter.Kind;
        if (Removed is not null && old is not null)
            old = kind.RemoveObject(old, Removed);
        if (Value is null)
            return old;
        return Replaces || old is null ? Value : kind.MergeObjects(old, Value);
    }

    /// <summary>Exchanges the value for one that says the same more fully.</summary>
    internal void Complete(object value) => Value = value;

    internal void Add(SetOption option, object value)
    {
        var kind = Parameter.Kind;
        switch (option.Effect)
        {
            case OptionEffect.Remove:
                Removed = Removed is null ? value : ((ValueKind)option.CommandLineKind!).MergeObjects(Removed, value);
                break;
            case OptionEffect.Replace:
                (Value, Replaces) = (value, true);
                break;
            default:
                Value = Value is null ? value : kind.MergeObjects(Value, value);
                Replaces = option.Effect == OptionEffect.ReplaceAll;
                break;
        }
    }
}
