using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
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

    /// <summary>The system call filter.</summary>
    public static SeccompProgram Filter() => SeccompCompiler.Compile(ContainerSeccompProfile.Default);
}
