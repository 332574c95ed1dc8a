using System.Diagnostics;
using System.Globalization;

namespace Insula.Bench;

/// <summary>The insulad of a configuration of this run.</summary>
internal static class Daemon
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Proportional memory of its processes, in KiB: what they share counts once.</summary>
    public static double Memory(string config)
    {
        var keeper = Keeper(config) ?? throw new BenchException("insulad does not run");
        var processes = Directory.GetDirectories($"/proc/{keeper}/task").SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Append(keeper.ToString(CultureInfo.InvariantCulture));
        return processes.Sum(pid => File.ReadLines($"/proc/{pid}/smaps_rollup").Where(line => line.StartsWith("Rss:", StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)));
    }

    /// <summary>Ends it; the containers have been stopped.</summary>
    public static void End(string config)
    {
        if (Keeper(config) is not { } keeper)
            return;
        using var process = Process.GetProcessById(keeper);
        new Command("/bin/kill", "-TERM", keeper.ToString(CultureInfo.InvariantCulture)) { OutputFile = "/dev/null" }.Run();
        var state = StateFile(config);
        for (var waited = Stopwatch.StartNew(); File.Exists(state) && waited.Elapsed < Patience; Thread.Sleep(20))
        {
        }
        if (File.Exists(state))
            throw new BenchException($"insulad (process {keeper}) does not end");
    }

    private static string StateFile(string config) => Path.Combine(Path.GetDirectoryName(config)!, "run", "insulad");

    private static int? Keeper(string config)
        => File.Exists(StateFile(config)) && int.TryParse(File.ReadAllText(StateFile(config)).Split(' ')[0], CultureInfo.InvariantCulture, out var pid) ? pid : null;
}
