using Insula.Engine.Configuration;
using Insula.Engine.Parameters.Kinds;

namespace Insula.Engine.Parameters.Catalog;

/// <summary>How much processor a container gets, and which processors.</summary>
public static class CpuParameters
{
    /// <summary>The bounds of CPUUNITS (vzctl(8)).</summary>
    public const int MinimumUnits = 8;

    /// <inheritdoc cref="MinimumUnits"/>
    public const int MaximumUnits = 500000;

    public static readonly ParameterDeclaration<long> CpuUnits = new("CPUUNITS", new IntegerKind(MinimumUnits, MaximumUnits), ParameterGroup.Cpu,
        "Weight by which running containers share the CPUs")
    {
        Default = "1000",
        Unit = "weight",
        ForHost = true,
        Options = [new("cpuunits", "N", "Set the CPU weight, relative to that of other containers")],
        ListFields = [new("cpuunits", "CPUUNI", 7)],
    };

    public static readonly ParameterDeclaration<long> CpuLimit = new("CPULIMIT", new CpuLimitKind(), ParameterGroup.Cpu,
        "Most CPU time; 0: no limit")
    {
        Default = "0",
        Unit = "percent of one CPU",
        Options = [new("cpulimit", "N[%]", "Limit CPU time to N percent of one CPU, with the sign to N percent of the host; 0: no limit")],
        ListFields = [new("cpulimit", "CPULIM", 7)],
    };

    public static readonly ParameterDeclaration<long> CpuBurst = new("CPUBURST", new IntegerKind(0, 1_000_000), ParameterGroup.Cpu,
        "CPU time below CPULIMIT that a container may save up, and use above it later; at most CPULIMIT")
    {
        Default = "0",
        Unit = "percent of one CPU for 100 ms",
        Options = [new("cpuburst", "N", "Let CPU time not used of --cpulimit be saved up: N percent of one CPU for 100 ms, at most --cpulimit; 0: none")],
    };

    public static readonly ParameterDeclaration<long> Cpus = new("CPUS", new IntegerKind(0, 4096), ParameterGroup.Cpu,
        "Number of CPUs the container sees; 0: all")
    {
        Default = "0",
        Unit = "CPUs",
        Options = [new("cpus", "N", "Set the number of CPUs the container sees; 0: all")],
        ListFields = [new("cpus", "CPUS", 5)],
    };

    public static readonly ParameterDeclaration<string> CpuMask = new("CPUMASK", new CpuListKind("all", "auto"), ParameterGroup.Cpu,
        "CPUs the container may run on; auto: those of its NODEMASK")
    {
        Default = "all",
        Options = [new("cpumask", "LIST|all|auto", "Set the CPUs the container may run on, such as 0-2,7")],
    };

    public static readonly ParameterDeclaration<string> NodeMask = new("NODEMASK", new CpuListKind("all"), ParameterGroup.Cpu,
        "Memory nodes the container may use")
    {
        Default = "all",
        Options = [new("nodemask", "LIST|all", "Set the memory nodes the container may use; needs --cpumask")],
    };

    /// <summary>Without a limit there is nothing to save up, and any CPUBURST will do.</summary>
    /// <exception cref="InsulaException">21: CPUBURST is above CPULIMIT.</exception>
    internal static void RequireBurstWithinLimit(ContainerConfig config)
    {
        var (limit, burst) = (config.Get(CpuLimit), config.Get(CpuBurst));
        if (limit > 0 && burst > limit)
            throw new InsulaException(ExitCode.BadValue, $"CPUBURST {burst} is above CPULIMIT {limit}", "no more can be saved up than the limit allows in 100 ms");
    }

    internal static ParameterDeclaration[] All => [CpuUnits, CpuLimit, CpuBurst, Cpus, CpuMask, NodeMask];
}
