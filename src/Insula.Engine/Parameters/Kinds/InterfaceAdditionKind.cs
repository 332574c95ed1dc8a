using Insula.Engine.Network.Interfaces;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>The value of --netif_add: <c>ifname[,mac,host_ifname,host_mac,bridge][,KEY=VALUE]</c>; later positions may be empty.</summary>
public sealed class InterfaceAdditionKind : InterfaceListKind
{
    /// <inheritdoc/>
    public override string Accepts => "IFNAME[,MAC,HOST_IFNAME,HOST_MAC,BRIDGE][,KEY=VALUE]";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<NetworkInterface> value)
    {
        var why = InterfaceText.TryParsePositions(text, out var one);
        value = [one];
        return why;
    }
}
