using Insula.Engine.Containers;
using Insula.Engine.Distributions;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Netlink;

namespace Insula.Engine.Parts;

/// <summary>What a container's own network files are to say: one entry per interface that is configured from the host.</summary>
internal static class InsideInterfaces
{
    /// <summary>The parameters that the list is made of.</summary>
    public static IReadOnlyList<ParameterDeclaration> Parameters { get; } = [NetworkParameters.Addresses, NetworkParameters.Interfaces];

    /// <summary>The list, venet0 first. Without an address there is no entry for venet0; one that its owner configures himself has none either.</summary>
    public static IReadOnlyList<InterfaceSettings> Of(ContainerContext container)
    {
        var all = new List<InterfaceSettings>();
        if (NetworkPart.AddressesOf(container) is { Count: > 0 } addresses)
            all.Add(InterfaceSettings.Venet(addresses));
        foreach (var each in InterfacesPart.Of(container))
        {
            var settings = new InterfaceSettings
            {
                Name = each.Name,
                Addresses = each.Addresses,
                Gateway4 = Router(each.Gateway4),
                Gateway6 = Router(each.Gateway6),
                Dhcp4 = each.Dhcp4 ?? false,
                Dhcp6 = each.Dhcp6 ?? false,
            };
            if (settings.IsConfigured)
                all.Add(settings);
        }
        return all;
    }

    private static IpAddress? Router(IpAddress? address) => address is { IsUnspecified: false } ? address : null;
}
