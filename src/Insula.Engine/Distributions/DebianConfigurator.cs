using Insula.Engine.Network;

namespace Insula.Engine.Distributions;

/// <summary>
/// Debian, its descendants, and whoever else brings interfaces up with ifupdown. The network files are those of the service that is
/// there: ifupdown, systemd-networkd, or both.
/// </summary>
internal sealed class DebianConfigurator(ContainerFiles files) : GenericConfigurator(files)
{
    private const string InterfacesPath = "etc/network/interfaces";
    private const string CrontabPath = "etc/crontab";

    /// <inheritdoc/>
    public override string Family => "debian";

    /// <inheritdoc/>
    public override bool SetAddresses(IReadOnlyList<IpPrefix> addresses)
    {
        var changed = UsesIfupdown() && Files.Write(InterfacesPath, InterfacesFile.WithAddresses(Files.Read(InterfacesPath) ?? "", addresses));
        if (UsesNetworkd())
            return Files.Write(NetworkdUnit.Path, NetworkdUnit.Text(addresses)) || changed;
        return changed;
    }

    /// <inheritdoc/>
    public override bool PostCreate()
    {
        var changed = base.PostCreate();
        if (Files.Read(CrontabPath) is not { } crontab)
            return changed;
        // The first host id is another for each container.
        return Files.Write(CrontabPath, Crontab.WithSpreadMinutes(crontab, Files.RootUid)) || changed;
    }

    private bool UsesIfupdown() => Files.Exists(InterfacesPath) || Files.Exists("sbin/ifup") || Files.Exists("usr/sbin/ifup");

    // What "systemctl enable systemd-networkd" links; the targets are absolute and need not exist for the link to count.
    private bool UsesNetworkd()
        => Files.EntryExists("etc/systemd/system/multi-user.target.wants/systemd-networkd.service")
            || Files.EntryExists("etc/systemd/system/dbus-org.freedesktop.network1.service");
}
