using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Processes;

namespace Insula.Engine.Parameters;

/// <summary>From the names in CAPABILITY to the kernel's bits.</summary>
public static class CapabilityNames
{
    /// <summary>Switches capabilities of a set on and off.</summary>
    /// <param name="set">The default set.</param>
    /// <param name="switches">The value of CAPABILITY.</param>
    public static CapabilitySet Apply(CapabilitySet set, SwitchSet switches)
    {
        // The grammar's names stand in the order of the kernel's numbers.
        for (var number = 0; number < Grammar.Capabilities.Count; number++)
        {
            var capability = CapabilitySet.Of((Capability)number);
            set = switches[Grammar.Capabilities[number]] switch
            {
                true => set | capability,
                false => set - capability,
                null => set,
            };
        }
        return set;
    }
}
