using System.Globalization;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Cgroups;

namespace Insula.Engine.Parts;

/// <summary>
/// The host's own weight (CPUUNITS of CT 0, else VE0CPUUNITS) against the containers. The host's processes are in groups that are not
/// ours, so the containers' tree as a whole gets the inverse: with 2000 units for the host it weighs half as much as a group of the host.
/// </summary>
/// <param name="engine">Where the tree is.</param>
/// <param name="systemctl">systemctl(1).</param>
public sealed class HostCpu(EngineContext engine, ISystemctl systemctl)
{
    /// <summary>What the tree weighs, in units, when the host's processes have <paramref name="hostUnits"/>.</summary>
    public static int UnitsOfTree(long hostUnits)
        => (int)Math.Clamp((long)CpuShare.DefaultUnits * CpuShare.DefaultUnits / hostUnits, CpuShare.MinUnits, CpuShare.MaxUnits);

    /// <summary>What the configuration says; where it says nothing else than the default, whatever somebody has set stays.</summary>
    public void ApplyConfigured()
    {
        if (ConfiguredUnits() is var units && units != CpuShare.DefaultUnits)
            Apply(units);
    }

    /// <summary>What CT 0 has by configuration.</summary>
    public long ConfiguredUnits()
        => engine.Store.TryLoad(Ctid.Host) is { } config && config.IsSet(CpuParameters.CpuUnits) ? config.Get(CpuParameters.CpuUnits) : engine.Global.HostCpuUnits;

    /// <summary>Puts units of the host into force.</summary>
    /// <returns>False if the tree does not exist yet; it gets its weight with the first container that starts.</returns>
    /// <exception cref="InsulaException">2: systemd refused.</exception>
    public bool Apply(long hostUnits)
    {
        var units = UnitsOfTree(hostUnits);
        var tree = engine.Cgroups;
        if (tree.Cpu is not { } cpu || !Directory.Exists(cpu.Directory))
            return false;
        if (tree.RootName == tree.UnitName)
            ApplyToSlice(tree, units);
        else
            cpu.SetUnits(units);
        return true;
    }

    // The slice is systemd's directory: it alone writes there.
    private void ApplyToSlice(CgroupTree tree, int units)
    {
        var slice = tree.UnitName.Split('/')[0];
        var weight = CpuShare.ToWeight(units).ToString(CultureInfo.InvariantCulture);
        var file = tree.World.Unified!.PathOf($"{slice}/cpu.weight");
        if (File.Exists(file) && File.ReadAllText(file).Trim() == weight)
            return;
        var (code, error) = systemctl.Run("set-property", "--runtime", slice, $"CPUWeight={weight}");
        if (code != 0)
            throw new InsulaException(ExitCode.SetCpu, $"systemd does not set the CPU weight of {slice}: {error}");
    }
}
