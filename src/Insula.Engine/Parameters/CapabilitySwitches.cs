using Insula.Linux.Processes;

namespace Insula.Engine.Parameters;

/// <summary>From the names in CAPABILITY to the kernel's bits.</summary>
public static class CapabilitySwitches
{
    /// <summary>Switches capabilities of a set on and off.</summary>
    /// <param name="set">The default set.</param>
    /// <param name="switches">The value of CAPABILITY.</param>
    public static CapabilitySet Apply(CapabilitySet set, SwitchSet switches)
    {
        foreach (var (name, on) in switches.Switches)
        {
            if (CapabilityNames.TryParse(name, out var named))
                set = on ? set | named : set - named;
        }
        return set;
    }
}
