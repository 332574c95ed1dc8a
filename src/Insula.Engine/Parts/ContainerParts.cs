namespace Insula.Engine.Parts;

/// <summary>The parts of a container, in the order they are prepared and applied; released in reverse.</summary>
public static class ContainerParts
{
    /// <summary>The list.</summary>
    public static IReadOnlyList<ContainerPart> All { get; } =
    [
        new CgroupPart(),
        new BeancounterPart(),
        new IoPart(),
        new DevicesPart(),
        new FirewallPart(),
        new NetworkPart(),
        new InterfacesPart(),
        new TrafficPart(),
        new NetworkDevicesPart(),
        new SettingsPart(),
        new NamesPart(),
        new DiskSpacePart(),
    ];
}
