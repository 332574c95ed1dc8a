namespace Insula.Engine.Distributions.Scripts;

/// <summary>What a distribution's scripts are asked to do; each is named by a key of its configuration (vzctl(8), /etc/vz/dists).</summary>
public enum DistributionAction
{
    /// <summary>PRE_START, in the container before anything else.</summary>
    PreStart,

    /// <summary>ADD_IP, in the container: VE_STATE, IP_ADDR, IPV6, IPDELALL.</summary>
    AddIp,

    /// <summary>DEL_IP, in the container: VE_STATE, IP_ADDR, IPV6, IPDELALL.</summary>
    DelIp,

    /// <summary>SET_HOSTNAME, in the container: VE_STATE, HOSTNM, IP_ADDR.</summary>
    SetHostName,

    /// <summary>SET_DNS, in the container: VE_STATE, NAMESERVER, SEARCHDOMAIN.</summary>
    SetDns,

    /// <summary>SET_USERPASS, in the container: USERPW.</summary>
    SetUserPassword,

    /// <summary>SET_UGID_QUOTA, in the container: UGIDLIMIT, MAJOR, MINOR, DEVFS.</summary>
    SetUserQuota,

    /// <summary>POST_CREATE, on the host: VE_ROOT.</summary>
    PostCreate,
}
