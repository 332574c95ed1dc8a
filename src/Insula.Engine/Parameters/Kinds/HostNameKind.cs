namespace Insula.Engine.Parameters.Kinds;

/// <summary>A host name as RFC 1123 (2.1) has it, short or with its domain, at most 64 characters: the kernel's limit (hostname(7)).</summary>
public sealed class HostNameKind : ValueKind<string>
{
    private const int Longest = 64;

    /// <inheritdoc/>
    public override string Accepts => $"labels of letters, digits and inner hyphens joined by dots, up to {Longest} characters";

    /// <inheritdoc/>
    public override ExitCode BadValueCode => ExitCode.BadHostName;

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out string value)
    {
        value = text;
        if (text.Length is 0 or > Longest)
            return text.Length == 0 ? "it is empty" : $"longer than {Longest} characters";
        return DomainName.WhyNot(text, allowUnderscore: false);
    }

    /// <inheritdoc/>
    public override string Format(string value) => value;
}
