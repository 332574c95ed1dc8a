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
        foreach (var (peer, ours) in Pairs(entries))
            report.Ratio(What("start a busybox container", peer), ours?.Start ?? new(), peer.Contender.Name, peer.Start, Targets(peer.Contender.Name).Start);
        foreach (var (peer, ours) in Pairs(entries))
            report.Ratio(What("exec true in it", peer), ours?.Exec ?? new(), peer.Contender.Name, peer.Exec, Targets(peer.Contender.Name).Exec);
    }

    // Who makes a network device is compared with who does.
    private static IEnumerable<(Entry Peer, Entry? Ours)> Pairs(List<Entry> entries)
        => entries.Where(entry => entry.Contender is not InsulaContender)
            .Select(peer => (peer, entries.FirstOrDefault(entry => entry.Contender is InsulaContender && entry.Contender.HasAddress == peer.Contender.HasAddress)));

    private static string What(string what, Entry peer) => peer.Contender.HasAddress ? what + ", with a network device" : what;
}
