using Insula.Engine.Host;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.System.Tests.Cgroups;

public class ControlGroupLimitTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public void No_more_processes_start_than_the_bound_allows()
    {
        using var scratch = new ScratchGroup();
        var pids = Require.Present(scratch.Group.Pids, CgroupFeatures.Pids);
        scratch.Group.Create();
        pids.Max = new CgroupLimit(1);
        Assert.Equal(new CgroupLimit(1), pids.Max);
        var output = scratch.RunInside("/bin/true; echo not reached");
        Assert.Contains("fork", output, StringComparison.OrdinalIgnoreCase);
        Assert.True(pids.FailCount > 0);
        pids.Max = CgroupLimit.Unlimited;
        Assert.Equal("reached", scratch.RunInside("/bin/true; echo reached"));
        Assert.Equal(0, pids.Current);
    }

    [Fact]
    public void Memory_and_swap_bounds_are_in_force_raised_and_lowered()
    {
        using var scratch = new ScratchGroup();
        var memory = Require.Present(scratch.Group.Memory, CgroupFeatures.Memory);
        scratch.Group.Create();
        Assert.True(memory.Max.IsUnlimited);
        foreach (var size in (long[])[64, 256, 32, 128])
        {
            memory.SetLimits(new CgroupLimit(size * MiB), memory.CanLimitSwap ? new CgroupLimit(size / 2 * MiB) : null);
            Assert.Equal(new CgroupLimit(size * MiB), memory.Max);
            if (memory.CanLimitSwap)
                Assert.Equal(new CgroupLimit(size / 2 * MiB), memory.SwapMax);
        }
        memory.High = new CgroupLimit(16 * MiB);
        Assert.Equal(new CgroupLimit(16 * MiB), memory.High);
        memory.SetLimits(CgroupLimit.Unlimited, memory.CanLimitSwap ? CgroupLimit.Unlimited : null);
        Assert.True(memory.Max.IsUnlimited);
    }

    [Fact]
    public void A_process_that_wants_more_memory_than_the_bound_is_killed_and_counted()
    {
        using var scratch = new ScratchGroup();
        var memory = Require.Present(scratch.Group.Memory, CgroupFeatures.Memory);
        scratch.Group.Create();
        memory.SetLimits(new CgroupLimit(16 * MiB), memory.CanLimitSwap ? new CgroupLimit(16 * MiB) : null);
        // tail holds the one endless line it is given in memory.
        var output = scratch.RunInside("head -c 100000000 /dev/zero | tail -n 1 | wc -c");
        Assert.NotEqual("100000000", output);
        var usage = memory.ReadUsage();
        Assert.True(usage.FailCount > 0);
        Assert.True(usage.OomKills > 0);
        Assert.True(usage.Current <= 16 * MiB);
    }

    [Fact]
    public void Going_below_what_is_in_use_is_refused_with_a_hint_and_nothing_is_killed()
    {
        using var scratch = new ScratchGroup();
        var memory = Require.Present(scratch.Group.Memory, CgroupFeatures.Memory);
        scratch.Group.Create();
        memory.SetLimits(new CgroupLimit(256 * MiB), memory.CanLimitSwap ? new CgroupLimit(0) : null);
        var holder = scratch.Start("sh", "-c", "read start; (head -c 60000000 /dev/zero; echo; echo full >&2; sleep 1000) | tail -n 1");
        scratch.Group.AddProcess(holder.Id);
        holder.StandardInput.WriteLine();
        Assert.Equal("full", holder.StandardError.ReadLine());
        var refusal = Assert.Throws<LinuxException>(() => memory.SetLimits(new CgroupLimit(8 * MiB), null));
        Assert.Equal(Errno.EBUSY, refusal.Errno);
        Assert.NotNull(refusal.Hint);
        Assert.False(holder.HasExited);
        Assert.Equal(0, memory.ReadUsage().OomKills);
    }

    [Fact]
    public void The_processor_ceiling_and_weight_are_taken_by_the_kernel()
    {
        using var scratch = new ScratchGroup();
        var cpu = Require.Present(scratch.Group.Cpu, CgroupFeatures.Cpu);
        scratch.Group.Create();
        foreach (var percent in (int[])[1, 50, 200, 0])
        {
            cpu.LimitPercent = percent;
            Assert.Equal(percent, cpu.LimitPercent);
        }
        foreach (var units in (int[])[CpuShare.MinUnits, CpuShare.DefaultUnits, CpuShare.MaxUnits])
            cpu.SetUnits(units);
        var file = scratch.World.Find(CgroupController.Cpu)!.IsUnified ? "cpu.weight" : "cpu.shares";
        Assert.Equal(file == "cpu.weight" ? "10000" : "262144", File.ReadAllText($"{cpu.Directory}/{file}").Trim());
        scratch.Tree.Cpu!.SetUnits(2000);
        foreach (var units in (int[])[CpuShare.MinUnits, CpuShare.DefaultUnits, CpuShare.MaxUnits])
            cpu.SetUnitsAmongSiblings(units);
        Assert.Equal(file == "cpu.weight" ? "10000" : "250000", File.ReadAllText($"{cpu.Directory}/{file}").Trim());
        Assert.SkipUnless(cpu.CanBurst, "this kernel saves up no processor time");
        cpu.LimitPercent = 60;
        cpu.BurstPercent = 60;
        cpu.LimitPercent = 30;
        Assert.Equal(0, cpu.BurstPercent);
        Assert.Equal(Errno.EINVAL, Assert.Throws<LinuxException>(() => cpu.BurstPercent = 31).Errno);
    }

    [Fact]
    public void A_process_runs_on_the_chosen_processors_only()
    {
        using var scratch = new ScratchGroup();
        var cpuset = Require.Present(scratch.Group.CpuSet, CgroupFeatures.CpuSet);
        scratch.Group.Create();
        var allowed = cpuset.AllowedCpus;
        var one = CpuChoice.Choose(allowed, null, 1, 101);
        cpuset.Cpus = one;
        Assert.Equal(one, cpuset.Cpus);
        Assert.Equal(one.ToString(), scratch.RunInside("grep -h Cpus_allowed_list /proc/self/status | cut -f 2"));
        cpuset.Cpus = CpuSet.All;
        Assert.Equal(allowed, cpuset.Cpus);
        cpuset.Nodes = CpuSet.All;
        var refusal = Assert.Throws<LinuxException>(() => cpuset.Cpus = CpuSet.Range(4000, 4000));
        Assert.Contains(allowed.ToString(), refusal.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Processor_time_that_was_used_is_counted()
    {
        using var scratch = new ScratchGroup();
        scratch.Group.Create();
        scratch.RunInside("i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done");
        var usage = scratch.Group.ReadCpuUsage();
        Assert.SkipWhen(usage is null, "processor time is accounted nowhere here");
        Assert.True(usage.Value.Total > 0);
        Assert.True(usage.Value.User + usage.Value.System > 0);
    }
}
