namespace Insula.Engine.Network;

/// <summary>VENET_DEVICE of vz.conf: of what kind the links of the routed network are.</summary>
public enum VenetDevice
{
    /// <summary>netkit where the kernel has it, else veth.</summary>
    Auto,

    /// <summary>netkit in layer 3 mode (Linux 6.7): no hardware addresses at all.</summary>
    Netkit,

    /// <summary>A veth pair without ARP.</summary>
    Veth,
}
