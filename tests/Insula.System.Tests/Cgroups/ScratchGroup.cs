using System.Diagnostics;
using System.Globalization;
using Insula.Engine.Host;
using Insula.Linux.Cgroups;

namespace Insula.System.Tests.Cgroups;

/// <summary>
/// A group in a tree of this test's own in the host's real hierarchies, and processes to put into it. All of it is gone at the end,
/// also when the test failed.
/// </summary>
internal sealed class ScratchGroup : IDisposable
{
    private static int s_count;

    private readonly List<Process> _processes = [];

    /// <param name="type">
    /// Which mounts of this host to know of: "cgroup" for v1 alone, "cgroup2" for v2 alone, null for both. So a hybrid host shows how
    /// the other two fare.
    /// </param>
    public ScratchGroup(string? type = null)
    {
        Require.Root();
        World = type is null ? CgroupWorld.Detect() : DetectOnly(type);
        Assert.SkipWhen(World.Kind == CgroupWorldKind.None, "no such control group hierarchy is mounted");
        Tree = CgroupTree.Open(World, $"{TestTree.Parent}/t-cgroups-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");
        CgroupHome.Prepare(Tree);
        Group = Tree.Group("101");
    }

    public CgroupWorld World { get; }

    public CgroupTree Tree { get; }

    public ControlGroup Group { get; }

    public static TimeSpan Patience => TimeSpan.FromSeconds(20);

    /// <summary>Starts a program that this object kills in the end.</summary>
    public Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        _processes.Add(process);
        return process;
    }

    /// <summary>A process that sleeps in the group.</summary>
    public Process StartSleeper()
    {
        var process = Start("sleep", "1000");
        Group.AddProcess(process.Id);
        return process;
    }

    /// <summary>A shell in the group that waits for a line before it does what the script says; returns what it printed.</summary>
    public string RunInside(string script)
    {
        var shell = Start("sh", "-c", $"read start; {script}");
        Group.AddProcess(shell.Id);
        shell.StandardInput.WriteLine();
        var output = shell.StandardOutput.ReadToEnd() + shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        return output.Trim();
    }

    /// <summary>Runs a program to its end; returns what it printed.</summary>
    public string Run(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        _processes.Remove(process);
        return output.Trim();
    }

    /// <summary>The paths that /proc/PID/cgroup names: <c>8:pids:/insula/101</c>.</summary>
    public static string[] GroupsOf(int pid)
        => [.. File.ReadAllLines($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/cgroup").Select(line => line.Split(':', 3)[2])];

    private static CgroupWorld DetectOnly(string type)
    {
        var lines = File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains($" - {type} ", StringComparison.Ordinal));
        return CgroupWorld.Parse(string.Join('\n', lines), "", path => File.ReadAllText($"{path}/cgroup.controllers"));
    }

    public void Dispose()
    {
        try
        {
            Group.Thaw();
            Group.KillAll(Patience);
        }
        finally
        {
            EndProcesses();
            Group.Delete(Patience);
            Assert.True(Tree.TryDelete(), $"a group was left in {Tree.RootName}");
        }
    }

    private void EndProcesses()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
                process.Kill();
            process.Dispose();
        }
    }
}
