namespace Insula.Cli.Help;

/// <summary>What is said of the programs that are called when a link comes up.</summary>
internal static class HookManuals
{
    private static readonly ManualSection s_status = new("EXIT STATUS", [
        ("0", "Done."), ("1", "The command line is wrong; vznetaddbr: the container has no such interfaces."), ("3", "There is no such link, or the kernel refused."),
        ("12", "Not root."), ("14", "The container has no configuration."), ("21", "VEID is no number of a container."), ("79", "EXTERNAL_SCRIPT failed."),
        ("130", "There is no such bridge.")]);

    private static readonly (string, string) s_container = ("VEID", "The container's number; without it that of the link.");

    /// <summary>vznetcfg(8).</summary>
    public static ProgramManual VzNetCfg() => new("vznetcfg", "set up the host's end of a container's interface", ["vznetcfg init veth LINK"])
    {
        Description =
        [
            "Brings the link up, with forwarding and answers to ARP and neighbour discovery for others, as a host needs it that routes. vzctl itself sets up what it makes and does not call this program; it is for scripts.",
            "If /etc/vz/vznet.conf names a program as EXTERNAL_SCRIPT, that is called instead with the same arguments. vzctl calls it for each link that it makes.",
        ],
        Sections = [s_status, new ManualSection("ENVIRONMENT", [s_container, Manuals.ConfigVariable])],
        SeeAlso = ["vznetaddbr(8)", "vzctl(8)"],
    };

    /// <summary>vznetaddbr(8).</summary>
    public static ProgramManual VzNetAddBr() => new("vznetaddbr", "attach a container's interface to a bridge", ["vznetaddbr init veth LINK"])
    {
        Description =
        [
            "Brings the link up and attaches it to the bridge that the container's configuration names for it in NETIF, else to vmbr0. As EXTERNAL_SCRIPT=\"/usr/sbin/vznetaddbr\" in /etc/vz/vznet.conf it makes vmbr0 the bridge of all interfaces that name none.",
            "An interface that names a bridge is attached to it without this program.",
        ],
        Sections =
        [
            s_status,
            new ManualSection("ENVIRONMENT", [s_container, ("VE_NETIF", "The interface as NETIF has it, where that is not saved yet; vzctl sets it."), Manuals.ConfigVariable]),
        ],
        SeeAlso = ["vznetcfg(8)", "vzctl(8)"],
    };

    /// <summary>vzifup-post(8).</summary>
    public static ProgramManual VzIfUpPost() => new("vzifup-post", "announce containers' addresses on a link that has come up", ["vzifup-post LINK"])
    {
        Description =
        [
            "A link that goes down forgets for whom the host answers there. This program makes the host answer again for the addresses of running containers, and tells the neighbours, if NEIGHBOUR_DEVS of vz.conf admits the link. It is called by the host's network configuration after a link has come up.",
        ],
        Sections = [s_status, new ManualSection("ENVIRONMENT", [Manuals.ConfigVariable])],
        SeeAlso = ["arpsend(8)", "ndsend(8)", "vzctl(8)"],
    };
}
