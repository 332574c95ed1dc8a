namespace Insula.Linux.Netlink;

/// <summary>MACVLAN_MODE_*: how macvlan links of one uplink reach each other (linux/if_link.h, ip-link(8)).</summary>
public enum MacvlanMode : uint
{
    /// <summary>Not at all.</summary>
    Private = 1,

    /// <summary>By way of a switch that sends back what it gets (VEPA).</summary>
    Vepa = 2,

    /// <summary>Directly.</summary>
    Bridge = 4,
}
