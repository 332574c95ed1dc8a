using Insula.Linux.Launch;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Launch;

public class LauncherTests
{
    private static void AddExec(LaunchPlan plan, params string[] command)
        => plan.Add("execute", command[0], Syscall.Execve, command[0], PlanArgument.List(command), PlanArgument.List(["PATH=/usr/bin:/bin"]));

    [Fact]
    public void A_planned_program_runs_and_its_exit_code_comes_back()
    {
        using var plan = new LaunchPlan();
        AddExec(plan, "/bin/sh", "-c", "exit 42");
        using var child = Launcher.Start(plan, CloneFlags.None);
        child.AwaitExec();
        Assert.Equal(new WaitStatus(42, false), child.PidFd.Wait());
    }

    [Fact]
    public void A_failing_step_is_reported_by_name_and_errno()
    {
        using var plan = new LaunchPlan();
        plan.Add("go to", "/nonexistent", Syscall.ChDir, "/nonexistent");
        AddExec(plan, "/bin/true");
        using var child = Launcher.Start(plan, CloneFlags.None);
        var error = Assert.Throws<LinuxException>(child.AwaitExec);
        Assert.Equal("Cannot go to /nonexistent: ENOENT (no such file or directory)", error.Message);
    }

    [Fact]
    public void An_optional_step_may_fail()
    {
        using var plan = new LaunchPlan();
        plan.Add(StepMode.Optional, "go to", "/nonexistent", Syscall.ChDir, "/nonexistent");
        AddExec(plan, "/bin/true");
        using var child = Launcher.Start(plan, CloneFlags.None);
        child.AwaitExec();
        Assert.Equal(0, child.PidFd.Wait().ShellCode);
    }

    [Fact]
    public void The_child_waits_at_the_gate()
    {
        using var plan = new LaunchPlan();
        var gate = plan.AddGate();
        AddExec(plan, "/bin/true");
        using var child = Launcher.Start(plan, CloneFlags.None);
        Assert.Null(child.PidFd.TryReap());
        gate.Open();
        child.AwaitExec();
        Assert.Equal(0, child.PidFd.Wait().ShellCode);
    }

    [Fact]
    public void A_result_is_passed_on_to_every_later_step_that_uses_it_and_to_the_parent()
    {
        var (reader, writer) = Files.Pipe();
        using (reader)
        {
            using var plan = new LaunchPlan();
            var duplicate = plan.Add("duplicate", "the pipe", Syscall.FCntl, writer, 0, 100);
            plan.Add("write to", "the duplicate", Syscall.Write, duplicate, "abc"u8.ToArray(), 3);
            plan.Add("write to", "the duplicate", Syscall.Write, duplicate, "def"u8.ToArray(), 3);
            AddExec(plan, "/bin/true");
            using var child = Launcher.Start(plan, CloneFlags.None);
            writer.Dispose();
            child.AwaitExec();
            child.PidFd.Wait();
            Assert.True(duplicate.Value >= 100);
            var buffer = new byte[16];
            Assert.Equal(6, Files.TryRead(reader, buffer));
            Assert.Equal("abcdef"u8.ToArray(), buffer[..6]);
        }
    }

    [Fact]
    public void A_second_clone_keeps_the_parent()
    {
        using var plan = new LaunchPlan();
        var pid = plan.AddFork();
        AddExec(plan, "/bin/sh", "-c", "exit 7");
        using var first = Launcher.Start(plan, CloneFlags.None);
        first.AwaitExec();
        Assert.Equal(0, first.PidFd.Wait().ShellCode);
        using var second = PidFd.TryOpen((int)pid.Value);
        Assert.NotNull(second);
        Assert.Equal(7, second.Wait().ShellCode);
    }

    [Fact]
    public void A_thousand_launches_leak_no_descriptor()
    {
        static int Open() => Directory.GetFiles("/proc/self/fd").Length;
        Launch();
        var before = Open();
        for (var i = 0; i < 1000; i++)
            Launch();
        // Other tests run beside this one and hold a few of their own; a leak of one a launch would show a thousand.
        Assert.InRange(Open(), 0, before + 100);

        static void Launch()
        {
            using var plan = new LaunchPlan();
            plan.AddGate();
            using var child = Launcher.Start(plan, CloneFlags.None);
            child.KillAndReap();
        }
    }

    [Fact]
    public void A_plan_prints_what_it_would_do()
    {
        using var plan = new LaunchPlan();
        var file = plan.Add("open", "/etc/\"x\"", Syscall.OpenAt, -100, "/etc/\"x\"", 0);
        plan.Add(StepMode.Optional, "close", "it", Syscall.Close, file);
        Assert.Equal(
            ["  1  open /etc/\"x\": openat(-100, \"/etc/\\\"x\\\"\", 0)", "  2  close it (may fail): close(#1)"],
            plan.Describe());
    }

    [Fact]
    public void Text_with_a_NUL_inside_is_refused()
    {
        using var plan = new LaunchPlan();
        plan.Add("go to", "x", Syscall.ChDir, "a\0b");
        Assert.Throws<ArgumentException>(() => Launcher.Start(plan, CloneFlags.None));
    }
}
