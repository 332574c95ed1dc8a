using System.Diagnostics;
using Insula.Engine.Beancounters.Bpf;
using Insula.Engine.Host;
using Insula.Linux.Processes;
using Insula.System.Tests.Commands;

namespace Insula.System.Tests.Beancounters;

/// <summary>Tasks that run or wait, counted by a program in the kernel.</summary>
public sealed class ActiveTaskTests
{
    [Fact]
    public void Busy_tasks_of_a_container_are_counted_and_sleeping_ones_are_not()
    {
        Require.Feature(AccountingFeatures.BpfIterators);
        using var host = new CommandHost();
        Assert.SkipUnless(ProcessStatus.ReadNamespacePids(Environment.ProcessId).Count == 1, "runs in a pid namespace of its own");
        using var program = ActiveTaskProgram.TryLoad(HostLayout.Default with { RunDirectory = Path.Combine(host.Base, "lock") });
        Assert.NotNull(program);
        var ctid = host.Container(started: true);
        var space = uint.Parse(host.In(ctid, "readlink /proc/1/ns/pid").Trim()["pid:[".Length..^1]);
        Assert.Equal(0, LeastOf(program, space, 5));
        var busy = Enumerable.Range(0, 3).Select(_ => host.Start("exec", $"{ctid}", "while :; do :; done")).ToList();
        try
        {
            for (var waited = Stopwatch.StartNew(); LeastOf(program, space, 1) != 3; Thread.Sleep(50))
                Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), $"{LeastOf(program, space, 1)} tasks are counted");
        }
        finally
        {
            foreach (var process in busy)
            {
                process.Kill();
                process.WaitForExit();
                process.Dispose();
            }
        }
    }

    // A sleeping task is awake now and then; it is not the least of some looks.
    private static int LeastOf(ActiveTaskProgram program, uint space, int looks)
        => Enumerable.Range(0, looks).Min(_ => program.Count().GetValueOrDefault(space));
}
