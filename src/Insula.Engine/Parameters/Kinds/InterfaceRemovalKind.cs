using Insula.Engine.Network;
using Insula.Engine.Network.Interfaces;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>The value of --netif_del: an interface's name inside, or <c>all</c>.</summary>
public sealed class InterfaceRemovalKind : InterfaceListKind
{
    /// <inheritdoc/>
    public override string Accepts => "the name of an interface inside, or all";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<NetworkInterface> value)
    {
        value = [new NetworkInterface(text)];
        return text == AddressRemovalKind.All || InterfaceName.TryParse(text, out _) ? null : "not the name of an interface";
    }

    /// <inheritdoc/>
    public override IReadOnlyList<NetworkInterface> Merge(IReadOnlyList<NetworkInterface> old, IReadOnlyList<NetworkInterface> added) => [.. old, .. added];
}
