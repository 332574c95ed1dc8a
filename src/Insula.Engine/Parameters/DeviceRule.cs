namespace Insula.Engine.Parameters;

/// <summary>One rule of DEVNODES (<c>net/tun:rw</c>) or DEVICES (<c>c:108:0:rw</c>).</summary>
/// <param name="Device">DEVNODES: the path below /dev. DEVICES: "b:8:0", "c:10:all".</param>
/// <param name="Rights">What is allowed.</param>
public sealed record DeviceRule(string Device, DeviceRights Rights)
{
    /// <summary>The rights as they stand in a rule: "rw", "none".</summary>
    public string RightsText => Rights == DeviceRights.None
        ? "none"
        : $"{(Rights.HasFlag(DeviceRights.Read) ? "r" : "")}{(Rights.HasFlag(DeviceRights.Write) ? "w" : "")}{(Rights.HasFlag(DeviceRights.Quota) ? "q" : "")}";

    /// <inheritdoc/>
    public override string ToString() => $"{Device}:{RightsText}";
}
