namespace Insula.Engine.Network;

/// <summary>What vz.conf says about venet.</summary>
public sealed record VenetOptions
{
    /// <summary>NEIGHBOUR_DEVS: where the host answers for the containers' addresses.</summary>
    public NeighbourDevices Neighbours { get; init; } = NeighbourDevices.All;

    /// <summary>FORCE_ROUTE: take the place of a route to the address that is there already, unless it is another container's.</summary>
    public bool ForceRoute { get; init; }

    /// <summary>VE_ROUTE_SRC_DEV: packets of the host to its containers carry an address of this link. Null lets the kernel choose.</summary>
    public InterfaceName? RouteSourceDevice { get; init; }
}
