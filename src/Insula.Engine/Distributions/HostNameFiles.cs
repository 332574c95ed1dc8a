namespace Insula.Engine.Distributions;

/// <summary>
/// Where systems keep their host name. All have /etc/hostname today; those that kept it elsewhere before still read that where it is.
/// </summary>
internal static class HostNameFiles
{
    private const string Common = "etc/hostname";
    private const string Capital = "etc/HOSTNAME";          // SUSE, Slackware
    private const string OpenRc = "etc/conf.d/hostname";    // Gentoo, Alpine
    private const string RedHat = "etc/sysconfig/network";  // a directory on SUSE

    /// <summary>Writes the name; a checked one.</summary>
    public static bool Set(ContainerFiles files, string name)
    {
        var changed = files.Write(Common, name + "\n");
        if (files.IsRegular(Capital))
            changed |= files.Write(Capital, name + "\n");
        if (files.IsRegular(OpenRc))
            changed |= files.Write(OpenRc, Assignments.With(files.Read(OpenRc)!, "hostname", name));
        // systemd does not look there; the initscripts before it look nowhere else.
        if (files.IsRegular(RedHat) && files.Read(RedHat) is { } text && (Assignments.Has(text, "HOSTNAME") || files.Exists("etc/rc.d/rc.sysinit")))
            changed |= files.Write(RedHat, Assignments.With(text, "HOSTNAME", name));
        return changed;
    }
}
