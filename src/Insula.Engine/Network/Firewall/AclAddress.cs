namespace Insula.Engine.Network.Firewall;

/// <summary>What a rule compares an address with: a network, or a named set of networks, <c>@office</c>.</summary>
/// <param name="Network">The network; null: a set.</param>
/// <param name="Set">The set's name; empty: a network.</param>
public readonly record struct AclAddress(NetworkPrefix? Network, string Set)
{
    /// <summary>Reads one.</summary>
    /// <returns>Null, or why it is not accepted.</returns>
    public static string? TryParse(string text, out AclAddress address)
    {
        address = default;
        if (text.StartsWith('@'))
        {
            address = new AclAddress(null, text[1..]);
            return AddressSets.IsName(address.Set) ? null : $"\"{text}\" is not the name of a set: {AddressSets.NameRule}";
        }
        if (NetworkPrefix.TryParse(text, out var network) is { } why)
            return $"\"{text}\" is {why}";
        address = new AclAddress(network, "");
        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => Network is { } network ? network.ToString() : $"@{Set}";
}
