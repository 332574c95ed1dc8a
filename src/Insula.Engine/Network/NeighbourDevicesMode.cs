namespace Insula.Engine.Network;

/// <summary>How NEIGHBOUR_DEVS chooses links.</summary>
public enum NeighbourDevicesMode
{
    All,
    Detect,
    List,
    None,
}
