namespace Insula.Engine.Configuration;

/// <summary>Something in a configuration file that was read in spite of being wrong, or kept without being understood.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">Its line, from 1; 0 for the file as a whole.</param>
/// <param name="Text">What is wrong.</param>
public sealed record ConfigWarning(string File, int Line, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? $"{File}: {Text}" : $"{File}:{Line}: {Text}";
}
