namespace Insula.Engine.Distributions.Networks;

/// <summary>What a container does with a network service.</summary>
internal enum ServiceState
{
    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>It is there, and it is not known that anything runs it.</summary>
    Present,

    /// <summary>It runs when the container boots.</summary>
    Active,
}
