namespace Insula.Engine.Network.Firewall;

/// <summary>Which way packets go.</summary>
public enum AclDirection
{
    /// <summary>To the container.</summary>
    In,

    /// <summary>From the container.</summary>
    Out,
}
