namespace Insula.Linux.Netlink;

/// <summary>What to change about a link; null leaves a property as it is.</summary>
public readonly record struct LinkChange
{
    /// <summary>Administratively up or down.</summary>
    public bool? Up { get; init; }

    /// <summary>IFF_NOARP on or off.</summary>
    public bool? NoArp { get; init; }

    /// <summary>Bytes.</summary>
    public int? Mtu { get; init; }

    public MacAddress? Mac { get; init; }

    /// <summary>The new name; some drivers want the link down for that.</summary>
    public string? Name { get; init; }

    /// <summary>A line of text of up to 255 bytes.</summary>
    public string? Alias { get; init; }
}
