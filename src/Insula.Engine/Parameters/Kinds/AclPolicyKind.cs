using Insula.Engine.Network.Firewall;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>ACL_POLICY: <c>in=deny,out=allow,log=yes</c>.</summary>
public sealed class AclPolicyKind : ValueKind<AclPolicy>
{
    /// <inheritdoc/>
    public override string Accepts => AclPolicy.Accepts;

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out AclPolicy value) => AclPolicy.TryParse(text, out value);

    /// <inheritdoc/>
    public override string Format(AclPolicy value) => value.ToString();

    /// <inheritdoc/>
    public override AclPolicy Merge(AclPolicy old, AclPolicy added) => old.With(added);
}
