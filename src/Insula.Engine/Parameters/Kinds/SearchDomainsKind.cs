namespace Insula.Engine.Parameters.Kinds;

/// <summary>SEARCHDOMAIN: domains of resolv.conf(5)'s search line, or <c>inherit</c>: those of the host.</summary>
public sealed class SearchDomainsKind : TextListKind
{
    private const int Longest = 253; // RFC 1035, 2.3.4, without the root's dot

    /// <inheritdoc/>
    public override string Accepts => "domain names, or inherit";

    /// <inheritdoc/>
    public override ExitCode BadValueCode => ExitCode.BadSearchDomain;

    /// <inheritdoc/>
    protected override string? TryEntry(string text, out string canonical)
    {
        canonical = text;
        return text.Length > Longest ? $"longer than {Longest} characters" : DomainName.WhyNot(text, allowUnderscore: true);
    }
}
