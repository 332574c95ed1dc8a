using Insula.Engine.Containers;
using Insula.Engine.Distributions;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Parts;

/// <summary>What a container's own network files are to say: one entry per interface that is configured from the host.</summary>
internal static class InsideInterfaces
{
    /// <summary>The parameters that the list is made of.</summary>
    public static IReadOnlyList<ParameterDeclaration> Parameters { get; } = [NetworkParameters.Addresses];

    /// <summary>The list, venet0 first. Without an address there is no entry for venet0.</summary>
    public static IReadOnlyList<InterfaceSettings> Of(ContainerContext container)
        => NetworkPart.AddressesOf(container) is { Count: > 0 } addresses ? [InterfaceSettings.Venet(addresses)] : [];
}
