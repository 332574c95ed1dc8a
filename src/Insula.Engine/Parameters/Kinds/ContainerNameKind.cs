using Insula.Engine.Containers;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>A container's name; the empty text removes it.</summary>
public sealed class ContainerNameKind : ValueKind<string>
{
    /// <inheritdoc/>
    public override string Accepts
        => $"up to {ContainerName.MaximumLength} letters, digits, blanks and - + _ . that are not a number; empty removes the name";

    /// <inheritdoc/>
    public override ExitCode BadValueCode => ExitCode.SetName;

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out string value)
    {
        value = text;
        return text.Length == 0 ? null : ContainerName.TryParse(text, out _);
    }

    /// <inheritdoc/>
    public override string Format(string value) => value;
}
