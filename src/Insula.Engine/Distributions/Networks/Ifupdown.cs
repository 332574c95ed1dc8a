namespace Insula.Engine.Distributions.Networks;

/// <summary>ifupdown of Debian, ifupdown-ng and the ifup of busybox (Alpine): /etc/network/interfaces, see <see cref="InterfacesFile"/>.</summary>
internal sealed class Ifupdown : INetworkService
{
    private const string InterfacesPath = "etc/network/interfaces";

    /// <inheritdoc/>
    public string Name => "ifupdown";

    /// <inheritdoc/>
    public ServiceState Look(ContainerFiles files)
    {
        // Red Hat and SUSE have an ifup of their own, which reads other files.
        var hasFile = files.EntryExists(InterfacesPath);
        if (!hasFile && (!BootServices.HasProgram(files, "sbin/ifup", "usr/sbin/ifup") || files.Exists("etc/sysconfig")))
            return ServiceState.Missing;
        return BootServices.Starts(files, "networking") ? ServiceState.Active : ServiceState.Present;
    }

    /// <inheritdoc/>
    public bool Set(ContainerFiles files, IReadOnlyList<InterfaceSettings> interfaces)
        => files.Write(InterfacesPath, InterfacesFile.WithInterfaces(files.Read(InterfacesPath) ?? "", interfaces, !HasBusyboxIp(files)));

    /// <inheritdoc/>
    public bool Clear(ContainerFiles files)
        => files.Read(InterfacesPath) is { } text && files.Write(InterfacesPath, InterfacesFile.WithoutOurs(text));

    // The ip of busybox knows no "nodad".
    private static bool HasBusyboxIp(ContainerFiles files)
    {
        foreach (var path in (ReadOnlySpan<string>)["sbin/ip", "bin/ip", "usr/sbin/ip", "usr/bin/ip"])
        {
            if (files.ReadLink(path) is { } target && Path.GetFileName(target) == "busybox")
                return true;
        }
        return false;
    }
}
