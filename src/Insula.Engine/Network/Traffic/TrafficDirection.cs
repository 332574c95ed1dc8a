namespace Insula.Engine.Network.Traffic;

/// <summary>Which way packets go, seen from the container.</summary>
public enum TrafficDirection
{
    /// <summary>To the container.</summary>
    In,

    /// <summary>From the container.</summary>
    Out,
}
