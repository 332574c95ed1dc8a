using System.Globalization;
using Insula.Engine.Network.Firewall;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>The value of --acl_del: which rule is to go, by its number in the list, or <c>all</c>.</summary>
public sealed class AclRemovalKind : ValueKind<IReadOnlyList<AclRule>>
{
    /// <inheritdoc/>
    public override string Accepts => "the number of a rule as insula net acl list shows it, or all";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<AclRule> value)
    {
        value = [];
        var number = 0;
        if (text != AddressRemovalKind.All && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number == 0))
            return "not the number of a rule";
        value = [new AclRule(AclDirection.In, Allows: false, AclProtocol.Any) { Position = number }];
        return null;
    }

    /// <inheritdoc/>
    public override string Format(IReadOnlyList<AclRule> value) => string.Join(' ', value.Select(rule => rule.Position));

    /// <inheritdoc/>
    public override IReadOnlyList<AclRule> Merge(IReadOnlyList<AclRule> old, IReadOnlyList<AclRule> added) => [.. old, .. added];
}
