using Insula.Engine.Parameters.Kinds;
using static Insula.Engine.Parameters.Catalog.Grammar;

namespace Insula.Engine.Parameters.Catalog;

/// <summary>What a container may do beyond the ordinary: capabilities, features, devices.</summary>
public static class DeviceParameters
{
    public static readonly ParameterDeclaration<SwitchSet> Capability = new("CAPABILITY",
        new SwitchSetKind("capability", Capabilities, "cap_", ("setveid", "audit_write")), ParameterGroup.Devices,
        "Capabilities given or taken, beside the default set")
    {
        Change = ChangeMoment.Restart,
        Options = [new("capability", "NAME:on|off[,...]", "Give or take capabilities (capabilities(7), without CAP_)") { Effect = OptionEffect.Merge }],
        ListFields = [new("capability", "CAPABILITY", -15)],
    };

    public static readonly ParameterDeclaration<SwitchSet> Features = new("FEATURES", new SwitchSetKind("feature", Grammar.Features, ""), ParameterGroup.Devices,
        "Features switched on or off: time gives clocks since boot of its own; sysinfo, on unless switched off, has sysinfo(2) tell of the container; "
        + "the others are only stored so far")
    {
        Change = ChangeMoment.Restart,
        Options = [new("features", "NAME:on|off[,...]", "Switch features on or off") { Effect = OptionEffect.Merge }],
        ListFields = [new("features", "FEATURES", -15)],
    };

    public static readonly ParameterDeclaration<IReadOnlyList<DeviceRule>> DeviceNodes = new("DEVNODES", new DeviceNodesKind(), ParameterGroup.Devices,
        "Devices of the host that the container has, by name below /dev")
    {
        Options = [new("devnodes", "NAME:[r][w][q]|none", "Give the container a device of the host; may be repeated") { Effect = OptionEffect.Merge }],
    };

    public static readonly ParameterDeclaration<IReadOnlyList<DeviceRule>> Devices = new("DEVICES", new DeviceNumbersKind(), ParameterGroup.Devices,
        "Devices that the container may use, by number")
    {
        Options = [new("devices", "b|c:MAJOR:MINOR|all:[r][w][q]|none", "Allow a device by its number; may be repeated") { Effect = OptionEffect.Merge }],
    };

    internal static ParameterDeclaration[] All => [Capability, Features, DeviceNodes, Devices];
}
