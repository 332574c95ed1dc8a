using Insula.Engine.Network.Firewall;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>The value of --forward_del: <c>tcp 8080</c>, <c>tcp 8080 address=192.0.2.1</c>, or <c>all</c>.</summary>
public sealed class PortForwardRemovalKind : ValueKind<IReadOnlyList<PortForward>>
{
    /// <inheritdoc/>
    public override string Accepts => "tcp|udp HOSTPORT[-LAST] [address=HOSTADDRESS], or all";

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<PortForward> value)
    {
        value = [];
        if (text == AddressRemovalKind.All)
        {
            value = [new PortForward(AclProtocol.Any, default, default) { IsAll = true }];
            return null;
        }
        var why = PortForward.TryParse(text, out var forward);
        value = [forward];
        return why;
    }

    /// <inheritdoc/>
    public override string Format(IReadOnlyList<PortForward> value) => string.Join("; ", value);

    /// <inheritdoc/>
    public override IReadOnlyList<PortForward> Merge(IReadOnlyList<PortForward> old, IReadOnlyList<PortForward> added) => [.. old, .. added];
}
