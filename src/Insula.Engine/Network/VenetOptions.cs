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

    /// <summary>SKIP_ARPDETECT, --skip_arpdetect: do not ask on the wire whether an address is taken.</summary>
    public bool SkipDetection { get; init; }

    /// <summary>ERROR_ON_ARPFAIL: an address that is taken on the wire is an error; otherwise a warning.</summary>
    public bool DuplicateIsError { get; init; }

    /// <summary>VENET_DEVICE: of what kind the links are.</summary>
    public VenetDevice Device { get; init; }

    /// <summary>Where warnings go.</summary>
    public Action<string> Warn { get; init; } = _ => { };
}
