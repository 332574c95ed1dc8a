namespace Insula.Engine.Parameters;

/// <summary>A grammar whose values are of type <typeparamref name="T"/>.</summary>
public abstract class ValueKind<T> : ValueKind
    where T : notnull
{
    /// <summary>Reads a value.</summary>
    /// <param name="text">The value as written.</param>
    /// <param name="context">What its meaning depends on.</param>
    /// <param name="value">The value.</param>
    /// <returns>Null, or why the text is not accepted: "below 8".</returns>
    public abstract string? TryParse(string text, ParseContext context, out T value);

    /// <summary>The text that is stored in a configuration file; empty when the key is to be removed.</summary>
    public abstract string Format(T value);

    /// <summary>What a value becomes when a second one is added: by default the second takes the place of the first.</summary>
    public virtual T Merge(T old, T added) => added;

    /// <summary>What is left of <paramref name="old"/>; only for kinds whose options can take something away.</summary>
    public virtual T Remove(T old, T removed) => throw new NotSupportedException($"{GetType().Name} has nothing to remove from");

    /// <summary>Reads a value or throws: see <see cref="ValueKind.ParseObject"/>.</summary>
    public T Parse(string subject, string text, ParseContext context)
        => TryParse(text, context, out var value) is { } why ? throw BadValue(this, subject, text, why) : value;

    /// <inheritdoc/>
    public override object ParseObject(string subject, string text, ParseContext context) => Parse(subject, text, context);

    /// <inheritdoc/>
    public override string FormatObject(object value) => Format((T)value);

    /// <inheritdoc/>
    public override object MergeObjects(object old, object added) => Merge((T)old, (T)added);

    /// <inheritdoc/>
    public override object RemoveObject(object old, object removed) => Remove((T)old, (T)removed);
}
