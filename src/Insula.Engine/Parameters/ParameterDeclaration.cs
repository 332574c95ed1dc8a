namespace Insula.Engine.Parameters;

/// <summary>
/// All there is to know about one parameter of a container. Configuration parser and writer, <c>vzctl set</c>, validation,
/// vzlist, help, completion and manual pages are made from it.
/// </summary>
public abstract class ParameterDeclaration
{
    private protected ParameterDeclaration(string key, ParameterGroup group, string help)
    {
        Key = key;
        Group = group;
        Help = help;
    }

    /// <summary>The configuration key; for a parameter that is never stored, the name it would have.</summary>
    public string Key { get; }

    /// <summary>Other keys that mean the same; a write replaces them by <see cref="Key"/>.</summary>
    public IReadOnlyList<string> KeyAliases { get; init; } = [];

    /// <summary>Where it stands in help.</summary>
    public ParameterGroup Group { get; }

    /// <summary>One line of help, without a full stop.</summary>
    public string Help { get; }

    /// <summary>What the number counts: "pages", "bytes", "items", "seconds"; null where there is no number.</summary>
    public string? Unit { get; init; }

    /// <summary>The value in force where neither file gives one, as it would stand in the file; null: none.</summary>
    public string? Default { get; init; }

    /// <summary>When a change takes effect.</summary>
    public ChangeMoment Change { get; init; }

    /// <summary>True when <c>vzctl set</c> refuses it without --save.</summary>
    public bool NeedsSave { get; init; }

    /// <summary>True for what is never written to a file: a password.</summary>
    public bool NeverSaved { get; init; }

    /// <summary>True when vz.conf may give a default for all containers.</summary>
    public bool GlobalDefault { get; init; } = true;

    /// <summary>True when <c>vzctl set 0</c> takes it.</summary>
    public bool ForHost { get; init; }

    /// <summary>True while the value is read, checked, stored and listed, but nothing enforces it yet.</summary>
    public bool StoredOnly { get; init; }

    /// <summary>The options that change it.</summary>
    public IReadOnlyList<SetOption> Options { get; init; } = [];

    /// <summary>The vzlist columns that show its configured value.</summary>
    public IReadOnlyList<ListField> ListFields { get; init; } = [];

    /// <summary>The grammar of its value in a file.</summary>
    public abstract ValueKind Kind { get; }

    /// <inheritdoc/>
    public override string ToString() => Key;
}

/// <summary>A declaration whose value is of type <typeparamref name="T"/>.</summary>
public sealed class ParameterDeclaration<T> : ParameterDeclaration
    where T : notnull
{
    /// <param name="key">The configuration key.</param>
    /// <param name="kind">The grammar of its value.</param>
    /// <param name="group">Where it stands in help.</param>
    /// <param name="help">One line of help, without a full stop.</param>
    public ParameterDeclaration(string key, ValueKind<T> kind, ParameterGroup group, string help)
        : base(key, group, help) => TypedKind = kind;

    /// <inheritdoc cref="ParameterDeclaration.Kind"/>
    public ValueKind<T> TypedKind { get; }

    /// <inheritdoc/>
    public override ValueKind Kind => TypedKind;
}
