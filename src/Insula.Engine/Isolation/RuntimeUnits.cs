namespace Insula.Engine.Isolation;

/// <summary>
/// systemd units that make no sense in a container and would fail or wait. They are masked in the container's own /run, so that no file
/// of the template or of the container changes and any archive works as it is.
/// </summary>
public static class RuntimeUnits
{
    /// <summary>Unit names.</summary>
    public static IReadOnlyList<string> Masked { get; } =
    [
        "console-getty.service",
        "dev-hugepages.mount",
        "sys-kernel-config.mount",
        "sys-kernel-debug.mount",
        "sys-kernel-tracing.mount",
        "systemd-udev-settle.service",
        "systemd-networkd-wait-online.service",
    ];
}
