using Insula.Bench.Contenders;

namespace Insula.Bench.Measurements;

/// <summary>Start and exec, whole commands. In each round every contender starts a container, runs true(1) in it and stops it.</summary>
internal static class LifeCycle
{
    private const int ExecsPerRound = 3;

    private sealed record Entry(IContender Contender, Samples Start, Samples Exec);

    // Start and exec times as shares of a peer's.
    private static (double Start, double? Exec) Targets(string peer) => peer switch
    {
        "crun" => (0.8, 1.0),
        "runc" => (0.4, null),
        _ => (0.2, null),
    };

    public static void Measure(IReadOnlyList<IContender> contenders, Options options, Report report, CancellationToken stop)
    {
        var entries = new List<Entry>();
        foreach (var contender in contenders)
            report.Attempt(contender.Name, () => entries.Add(Ready(contender)));
        options.EachRound(round =>
        {
            // Whoever goes first in a round goes last in the next.
            for (var i = 0; i < entries.Count; i++)
            {
                stop.ThrowIfCancellationRequested();
                Turn(entries[(i + round + options.WarmUp) % entries.Count], round);
            }
        }, stop);
        Compare(entries, report);
    }

    // A contender that cannot do one round is left out, so that the others are measured.
    private static Entry Ready(IContender contender)
    {
        var entry = new Entry(contender, new Samples(), new Samples());
        contender.Prepare();
        contender.Start.Run();
        var inside = contender.Exec("/bin/cat", "/proc/1/comm");
        inside.Run();
        if (inside.Output != "init")
            throw new BenchException($"{contender.Name} says that it started a container, in which process 1 is '{inside.Output}' and not init");
        contender.Stop();
        return entry;
    }

    private static void Turn(Entry entry, int round)
    {
        entry.Start.Measure(entry.Contender.Start, round);
        for (var i = 0; i < ExecsPerRound; i++)
            entry.Exec.Measure(entry.Contender.Exec("/bin/true"), round);
        entry.Contender.Stop();
    }

    private static void Compare(List<Entry> entries, Report report)
    {
        var ours = entries.FirstOrDefault(entry => entry.Contender is InsulaContender);
        foreach (var entry in entries.Where(entry => entry != ours))
            report.Ratio("start a busybox container", ours?.Start ?? new(), entry.Contender.Name, entry.Start, Targets(entry.Contender.Name).Start);
        foreach (var entry in entries.Where(entry => entry != ours))
            report.Ratio("exec true in it", ours?.Exec ?? new(), entry.Contender.Name, entry.Exec, Targets(entry.Contender.Name).Exec);
    }
}
