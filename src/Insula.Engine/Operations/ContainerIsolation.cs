using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Quotas;
using Insula.Linux.Processes;
using Insula.Linux.Processes.Seccomp;

namespace Insula.Engine.Operations;

/// <summary>What a container's processes may do; the same for its init and for every program run in it later.</summary>
internal static class ContainerIsolation
{
    /// <summary>The bounding set: the default, with what CAPABILITY gives or takes.</summary>
    public static CapabilitySet Capabilities(ContainerContext container, int last)
    {
        var set = ContainerCapabilities.Default(last);
        if (!container.Config.TryGet(DeviceParameters.Capability, out var switches))
            return set;
        foreach (var (name, on) in switches.Switches)
        {
            if (!CapabilityNames.TryParse(name, out var named))
                throw new InsulaException(ExitCode.SetCapability, $"Unknown capability {name} in the configuration of CT {container.Ctid}");
            set = on ? set | (named & CapabilitySet.UpTo(last)) : set - named;
        }
        return set;
    }

    /// <summary>True if FEATURES gives the container clocks of its own.</summary>
    public static bool HasTimeNamespace(ContainerContext container)
        => container.Config.TryGet(DeviceParameters.Features, out var features) && features["time"] == true;

    /// <summary>True unless vz.conf keeps virtual files from containers, or FEATURES this container from being answered.</summary>
    public static bool HasOwnSysInfo(ContainerContext container)
        => container.Engine.Global.VirtualProc && !(container.Config.TryGet(DeviceParameters.Features, out var features) && features["sysinfo"] == false);

    /// <summary>The system call filter.</summary>
    /// <param name="container">Whose it is.</param>
    /// <param name="asks">True if it is to have a listener, at which sysinfo(2) is answered, and quotactl(2) where users have quotas.</param>
    public static SeccompProgram Filter(ContainerContext container, bool asks)
    {
        var profile = ContainerSeccompProfile.Default;
        if (container.Config.Get(FirewallParameters.Netfilter, FirewallParameters.NetfilterFull) == FirewallParameters.NetfilterDisabled)
            profile = ContainerSeccompProfile.WithoutNetfilter(profile);
        if (asks)
            profile = ContainerSeccompProfile.WithOwnSysInfo(UserQuota.IsOn(container) ? ContainerSeccompProfile.WithOwnQuota(profile) : profile);
        return SeccompCompiler.Compile(profile);
    }
}
