using Insula.Engine.Network.Interfaces;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>
/// The value of --mac, --bridge and the other options that go with --ifname. Before they are parsed they are made into one change of that interface,
/// <c>ifname=eth0,mac=...,ipdel=all</c>.
/// </summary>
/// <param name="accepts">What the option takes, for messages.</param>
public sealed class InterfaceEditKind(string accepts) : InterfaceListKind
{
    private const string Removal = "ipdel=";

    /// <inheritdoc/>
    public override string Accepts => accepts;

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<NetworkInterface> value)
    {
        var why = InterfaceText.TryParse(text, out var change);
        value = [change with
        {
            IsEdit = true,
            Removed = [.. change.Others.Where(other => other.StartsWith(Removal, StringComparison.Ordinal)).Select(other => other[Removal.Length..])],
            Others = [],
        }];
        return why;
    }
}
