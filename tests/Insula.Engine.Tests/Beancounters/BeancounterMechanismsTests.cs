using Insula.Engine.Beancounters;
using Insula.Engine.Beancounters.Bpf;
using Insula.Linux.Cgroups;

namespace Insula.Engine.Tests.Beancounters;

public sealed class BeancounterMechanismsTests
{
    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    [InlineData("nothing")]
    public void Each_kind_of_host_says_what_it_enforces(string kind)
    {
        var text = string.Join('\n', Of(kind, swap: true).All.Select(row => $"{row.Resource.Name,-12} {row.Word,-11} {row.Explanation}")) + "\n";
        var golden = Path.Combine(House.Repository.Root, $"tests/Insula.Engine.Tests/Beancounters/Golden/mechanisms-{kind}");
        if (Environment.GetEnvironmentVariable("INSULA_WRITE_GOLDEN") == "1")
            File.WriteAllText(golden, text);
        Assert.Equal(File.ReadAllText(golden), text);
    }

    [Fact]
    public void Without_swap_accounting_swap_is_not_called_enforced()
    {
        Assert.Equal(Mechanism.None, Of("v1", swap: false).Of(BeancounterResources.Swap).Mechanism);
        Assert.Equal(Mechanism.None, Of("v2", swap: false).Of(BeancounterResources.Swap).Mechanism);
    }

    [Fact]
    public void Without_controllers_memory_and_processes_are_not_called_enforced()
    {
        Assert.All(
            Of("nothing", swap: true).All.Where(row => row.Resource == BeancounterResources.Memory || row.Resource == BeancounterResources.Processes),
            row => Assert.NotEqual(Mechanism.Exact, row.Mechanism));
    }

    internal static BeancounterMechanisms Of(string kind, bool swap) => new(World(kind), swap, mayProtect: kind == "v2", new NoBpfAccounting("this is a test"));

    private static CgroupWorld World(string kind) => kind switch
    {
        "v1" => CgroupWorld.Parse(
            "35 30 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n36 30 0:32 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n", "", _ => ""),
        "v2" => CgroupWorld.Parse("35 30 0:31 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", "", _ => "cpuset cpu io memory pids"),
        _ => CgroupWorld.Parse("35 30 0:31 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", "", _ => ""),
    };
}
