using Insula.Linux.Netlink;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>NAMESERVER: addresses of DNS servers, or <c>inherit</c>: those of the host.</summary>
public sealed class NameServersKind : TextListKind
{
    /// <summary>The word that means "as on the host".</summary>
    public const string Inherit = "inherit";

    /// <inheritdoc/>
    public override string Accepts => "IP addresses of DNS servers, or inherit";

    /// <inheritdoc/>
    public override ExitCode BadValueCode => ExitCode.BadNameServer;

    /// <inheritdoc/>
    protected override string? TryEntry(string text, out string canonical)
    {
        canonical = text;
        if (text == Inherit)
            return null;
        if (!IpAddress.TryParse(text, out var address))
            return "not an IP address";
        canonical = address.ToString();
        return null;
    }
}
