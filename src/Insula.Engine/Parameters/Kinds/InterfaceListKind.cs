using Insula.Engine.Network.Interfaces;

namespace Insula.Engine.Parameters.Kinds;

/// <summary>NETIF: interfaces divided by semicolons: <c>ifname=eth0,mac=...,host_ifname=veth101.0;ifname=eth1,...</c></summary>
public class InterfaceListKind : ValueKind<IReadOnlyList<NetworkInterface>>
{
    private const int MostInterfaces = 64;

    /// <inheritdoc/>
    public override string Accepts => "interfaces as ifname=NAME,mac=MAC,host_ifname=NAME,host_mac=MAC,bridge=NAME, divided by semicolons";

    /// <inheritdoc/>
    public override ExitCode BadValueCode => ExitCode.BadValue;

    /// <inheritdoc/>
    public override string? TryParse(string text, ParseContext context, out IReadOnlyList<NetworkInterface> value)
    {
        var list = new List<NetworkInterface>();
        value = list;
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (InterfaceText.TryParse(part, out var one) is { } why)
                return why;
            if (list.Exists(known => known.Name == one.Name))
                return $"{one.Name} is there twice";
            list.Add(one);
        }
        return list.Count > MostInterfaces ? $"more than {MostInterfaces} interfaces" : null;
    }

    /// <inheritdoc/>
    public override string Format(IReadOnlyList<NetworkInterface> value) => string.Join(';', value.Select(InterfaceText.Format));

    /// <inheritdoc/>
    public override IReadOnlyList<NetworkInterface> Merge(IReadOnlyList<NetworkInterface> old, IReadOnlyList<NetworkInterface> added)
    {
        var all = old.ToList();
        foreach (var change in added)
        {
            var place = all.FindIndex(known => known.Name == change.Name);
            if (place < 0)
                all.Add(change);
            else
                all[place] = all[place].With(change);
        }
        return all;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<NetworkInterface> Remove(IReadOnlyList<NetworkInterface> old, IReadOnlyList<NetworkInterface> removed)
        => [.. old.Where(known => !removed.Any(gone => gone.Name == known.Name || gone.Name == AddressRemovalKind.All))];
}
