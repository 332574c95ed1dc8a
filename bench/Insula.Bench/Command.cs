using System.Diagnostics;
using Insula.Linux.Launch;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Bench;

/// <summary>
/// A command that can be timed: from the call that makes the process to the moment its end is known. Its output goes to a file,
/// never to a pipe: a container's init inherits it and keeps it open.
/// </summary>
/// <param name="path">The program.</param>
/// <param name="arguments">What follows the program's name.</param>
internal sealed class Command(string path, params string[] arguments)
{
    /// <summary>Where the output of all commands goes; the newest is kept.</summary>
    public required string OutputFile { get; init; }

    public IReadOnlyList<string> Environment { get; init; } = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C"];

    /// <summary>The mounts the command sees, if not the host's.</summary>
    public MountView? View { get; init; }

    public string Output => File.Exists(OutputFile) ? File.ReadAllText(OutputFile).Trim() : "";

    /// <summary>Runs it.</summary>
    /// <exception cref="BenchException">It could not be started, or failed.</exception>
    public TimeSpan Run()
    {
        var (status, elapsed) = Execute();
        return status.ShellCode == 0 ? elapsed : throw new BenchException($"{this} ended with {status.ShellCode}: {Output}");
    }

    /// <summary>Runs it, for a way back on which going on is better than stopping.</summary>
    public bool TryRun()
    {
        try
        {
            return Execute().Status.ShellCode == 0;
        }
        catch (BenchException)
        {
            return false;
        }
    }

    private (WaitStatus Status, TimeSpan Elapsed) Execute()
    {
        try
        {
            using var input = Files.Open("/dev/null", OpenFlags.ReadOnly);
            using var output = Files.Open(OutputFile, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, 0x180); // 0600
            using var plan = new LaunchPlan();
            View?.AddEntry(plan);
            plan.AddStandardStreams(input, output, output);
            plan.AddFreshSignals();
            plan.Add("execute", path, Syscall.Execve, path, PlanArgument.List([path, .. arguments]), PlanArgument.List(Environment));
            var start = Stopwatch.GetTimestamp();
            using var process = Launcher.Start(plan, CloneFlags.None);
            process.AwaitExec();
            var status = process.PidFd.Wait();
            return (status, Stopwatch.GetElapsedTime(start));
        }
        catch (LinuxException error)
        {
            throw new BenchException($"{this}: {error.Message}", error);
        }
    }

    public override string ToString() => string.Join(' ', [Path.GetFileName(path), .. arguments]);
}
