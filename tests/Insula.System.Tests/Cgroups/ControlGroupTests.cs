using System.Globalization;
using Insula.Linux.Cgroups;
using Insula.Linux.Syscalls;

namespace Insula.System.Tests.Cgroups;

public class ControlGroupTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("cgroup")]
    [InlineData("cgroup2")]
    public void A_group_is_made_in_every_hierarchy_and_leaves_nothing_behind(string? type)
    {
        using var scratch = new ScratchGroup(type);
        var group = scratch.Group;
        Assert.False(group.Exists);
        group.Create();
        Assert.All(scratch.World.Hierarchies, hierarchy => Assert.True(Directory.Exists(group.PathIn(hierarchy)), hierarchy.MountPoint));
        Assert.Equal(["101"], scratch.Tree.GroupNames());
        group.Delete(ScratchGroup.Patience);
        Assert.True(scratch.Tree.TryDelete());
        Assert.False(group.Exists);
        Assert.All(scratch.World.Hierarchies, hierarchy => Assert.False(Directory.Exists(hierarchy.PathOf(scratch.Tree.RootName))));
    }

    [Fact]
    public void A_process_joins_in_all_hierarchies_and_its_children_with_it()
    {
        using var scratch = new ScratchGroup();
        scratch.Group.Create();
        var child = scratch.Start("sh", "-c", "read start; sleep 1000 & echo $!; wait");
        scratch.Group.AddProcess(child.Id);
        child.StandardInput.WriteLine();
        var grandchild = int.Parse(child.StandardOutput.ReadLine()!, CultureInfo.InvariantCulture);
        foreach (var pid in (int[])[child.Id, grandchild])
            Assert.Equal(scratch.World.Hierarchies.Count, ScratchGroup.GroupsOf(pid).Count(path => path == "/" + scratch.Group.Name));
        Assert.True(scratch.Group.IsPopulated);
        Assert.Equal([.. new SortedSet<int> { child.Id, grandchild }], scratch.Group.Processes());
    }

    [Fact]
    public void Joining_with_a_pid_that_has_ended_is_an_error_that_says_so()
    {
        using var scratch = new ScratchGroup();
        scratch.Group.Create();
        var error = Assert.Throws<LinuxException>(() => scratch.Group.AddProcess(int.MaxValue));
        Assert.Equal(Errno.ESRCH, error.Errno);
        Assert.Contains("cgroup.procs", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cgroup")]
    [InlineData("cgroup2")]
    public void Everything_in_the_group_and_below_is_killed_and_then_all_groups_are_removed(string? type)
    {
        using var scratch = new ScratchGroup(type);
        var group = scratch.Group;
        group.Create();
        group.StartNested(scratch);
        group.StartNested(scratch);
        var top = scratch.StartSleeper();
        Assert.Equal(3, group.Processes().Count);
        var refusal = Assert.Throws<LinuxException>(() => group.Delete(TimeSpan.Zero));
        Assert.Equal(Errno.EBUSY, refusal.Errno);
        Assert.Contains($"{top.Id}", refusal.Hint, StringComparison.Ordinal);

        Assert.True(group.KillAll(ScratchGroup.Patience));
        Assert.False(group.IsPopulated);
        Assert.Empty(group.Processes());
        Assert.True(group.KillAll(TimeSpan.Zero));
        group.Delete(ScratchGroup.Patience);
        Assert.False(group.Exists);
    }

    [Fact]
    public void A_process_in_a_version_1_group_alone_is_killed_as_well()
    {
        using var scratch = new ScratchGroup();
        var pids = scratch.World.Find(CgroupController.Pids);
        Assert.SkipWhen(pids is null or { IsUnified: true }, "no v1 hierarchy here");
        scratch.Group.Create();
        var sleeper = scratch.Start("sleep", "1000");
        File.WriteAllText($"{scratch.Group.PathIn(pids)}/cgroup.procs", $"{sleeper.Id}");
        Assert.True(scratch.Group.KillAll(ScratchGroup.Patience));
        Assert.True(sleeper.WaitForExit(ScratchGroup.Patience));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cgroup")]
    [InlineData("cgroup2")]
    public async Task A_frozen_group_stands_still_until_it_is_thawed(string? type)
    {
        using var scratch = new ScratchGroup(type);
        scratch.Group.Create();
        var shell = scratch.Start("sh", "-c", "while read line; do echo $line; done");
        scratch.Group.AddProcess(shell.Id);
        Assert.False(scratch.Group.IsFrozen);
        scratch.Group.Freeze(ScratchGroup.Patience);
        Assert.True(scratch.Group.IsFrozen);
        shell.StandardInput.WriteLine("hello");
        // Nothing comes while it is frozen: the answer to the line is still to be read after the thaw.
        var answer = shell.StandardOutput.ReadLineAsync();
        Assert.False(answer.IsCompleted);
        scratch.Group.Thaw();
        Assert.False(scratch.Group.IsFrozen);
        Assert.Equal("hello", await answer);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cgroup")]
    [InlineData("cgroup2")]
    public void Even_a_frozen_group_can_be_killed(string? type)
    {
        using var scratch = new ScratchGroup(type);
        scratch.Group.Create();
        scratch.StartSleeper();
        scratch.Group.Freeze(ScratchGroup.Patience);
        Assert.True(scratch.Group.KillAll(ScratchGroup.Patience));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("cgroup")]
    [InlineData("cgroup2")]
    public void Processes_that_fork_all_the_time_do_not_outrun_the_kill(string? type)
    {
        using var scratch = new ScratchGroup(type);
        scratch.Group.Create();
        if (scratch.Group.Pids is { } pids)
            pids.Max = new CgroupLimit(40);
        // Each generation starts the next and ends.
        var shell = scratch.Start("sh", "-c", "read start; f() { sh -c : & (f) & }; for i in 1 2 3 4 5; do (f) & done 2>/dev/null; echo on");
        scratch.Group.AddProcess(shell.Id);
        shell.StandardInput.WriteLine();
        Assert.Equal("on", shell.StandardOutput.ReadLine());
        Assert.True(scratch.Group.KillAll(ScratchGroup.Patience));
        Assert.Empty(scratch.Group.Processes());
    }

    [Fact]
    public void What_another_program_froze_in_version_1_can_be_killed_too()
    {
        using var scratch = new ScratchGroup();
        var freezer = scratch.World.Find(CgroupController.Freezer);
        Assert.SkipWhen(freezer is null, "no v1 freezer here");
        scratch.Group.Create();
        scratch.StartSleeper();
        File.WriteAllText($"{scratch.Group.PathIn(freezer)}/freezer.state", "FROZEN");
        Assert.True(scratch.Group.IsFrozen);
        Assert.True(scratch.Group.KillAll(ScratchGroup.Patience));
    }

    [Fact]
    public void Groups_nested_deeper_than_a_path_can_be_long_are_found_and_removed()
    {
        using var scratch = new ScratchGroup();
        scratch.Group.Create();
        var hierarchy = scratch.World.Unified ?? scratch.World.Hierarchies[0];
        var sleeper = scratch.Start("sleep", "1000");
        var name = new string('d', 200);
        var current = Files.Open(scratch.Group.PathIn(hierarchy), OpenFlags.Directory);
        for (var level = 0; level < 25; level++)
        {
            using var above = current;
            Directory.CreateDirectory($"{above.ProcPath}/{name}");
            current = Files.Open($"{above.ProcPath}/{name}", OpenFlags.Directory);
        }
        File.WriteAllText($"{current.ProcPath}/cgroup.procs", $"{sleeper.Id}");
        current.Dispose();
        Assert.Equal([sleeper.Id], scratch.Group.Processes());
        Assert.True(scratch.Group.KillAll(ScratchGroup.Patience));
        scratch.Group.Delete(ScratchGroup.Patience);
        Assert.False(scratch.Group.Exists);
    }

    [Fact]
    public void A_process_can_be_put_into_a_named_group_below_and_that_goes_too()
    {
        using var scratch = new ScratchGroup();
        Assert.SkipWhen(scratch.World.Unified is null, "no cgroup v2 here");
        scratch.Group.Create();
        Assert.Equal(scratch.World.Find(CgroupController.Memory) is { IsUnified: true }, scratch.Group.NeedsSubGroup);
        var sleeper = scratch.Start("sleep", "1000");
        scratch.Group.AddProcess(sleeper.Id, "entered");
        Assert.Contains($"/{scratch.Group.Name}/entered", ScratchGroup.GroupsOf(sleeper.Id));
        using (var descriptor = scratch.Group.OpenDescriptor("entered"))
            Assert.True(File.Exists($"{descriptor!.ProcPath}/cgroup.procs"));
        Assert.True(scratch.Group.KillAll(ScratchGroup.Patience));
        scratch.Group.Delete(ScratchGroup.Patience);
        Assert.False(scratch.Group.Exists);
    }

    [Fact]
    public void A_delegated_group_lets_its_owner_make_groups_below_but_not_touch_limits()
    {
        const int owner = 231072;
        using var scratch = new ScratchGroup();
        scratch.Group.Create();
        scratch.Group.Delegate(owner, owner);
        foreach (var hierarchy in scratch.World.Hierarchies)
        {
            var path = scratch.Group.PathIn(hierarchy);
            var given = hierarchy.IsUnified || hierarchy.IsSystemd;
            var made = AsOwner(scratch, $"mkdir {path}/below && echo made");
            Assert.Equal(given, made == "made");
            Assert.Equal(given ? $"{owner}" : "0", scratch.Run("stat", "-c", "%u", $"{path}/cgroup.procs"));
            foreach (var file in Directory.EnumerateFiles(path).Where(IsLimit))
                Assert.Equal("0", scratch.Run("stat", "-c", "%u", file));
        }
    }

    private static bool IsLimit(string file)
        => Path.GetFileName(file) is var name
            && (name.EndsWith(".max", StringComparison.Ordinal) || name.Contains("limit", StringComparison.Ordinal)
                || name is "cpu.shares" or "cpu.weight" or "cgroup.freeze" or "cgroup.kill" or "devices.allow" or "notify_on_release");

    private static string AsOwner(ScratchGroup scratch, string script)
        => scratch.Run("setpriv", "--reuid=231072", "--regid=231072", "--clear-groups", "sh", "-c", script);
}

internal static class ControlGroupExtensions
{
    /// <summary>A sleeping process three groups below, in each hierarchy where a container can make groups.</summary>
    public static void StartNested(this ControlGroup group, ScratchGroup scratch)
    {
        var sleeper = scratch.StartSleeper();
        foreach (var hierarchy in scratch.World.Hierarchies.Where(hierarchy => hierarchy.IsUnified || hierarchy.IsSystemd))
        {
            var nested = $"{group.PathIn(hierarchy)}/user.slice/user-0.slice/session-{sleeper.Id}.scope";
            Directory.CreateDirectory(nested);
            File.WriteAllText($"{nested}/cgroup.procs", $"{sleeper.Id}");
        }
    }
}
