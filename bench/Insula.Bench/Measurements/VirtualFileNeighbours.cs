using System.Globalization;
using Insula.Bench.Contenders;

namespace Insula.Bench.Measurements;

/// <summary>
/// What containers that read their files as fast as they can cost a neighbour that does, and what memory each container takes of the daemon.
/// </summary>
/// <param name="workspace">Where.</param>
/// <param name="config">The configuration directory of containers that have virtual files.</param>
/// <param name="victim">The neighbour: a running container with /reader.</param>
internal sealed class VirtualFileNeighbours(Workspace workspace, string config, string victim)
{
    private const int FirstOther = 900_201, Others = 100;
    private const int Milliseconds = 1000, Head = 400;
    private const double MostMemory = 32 * 1024, MostGrowth = 32;

    private static readonly (int Containers, int Readers)[] Loads = [(1, 1), (1, 10), (1, 100), (10, 1), (10, 10)];

    private string Data => Path.GetDirectoryName(config)!;

    /// <summary>Measures both.</summary>
    public void Measure(int rounds, Report report, CancellationToken stop)
    {
        StartOthers(10, stop);
        foreach (var (containers, readers) in Loads)
            MeasureLoad(containers, readers, rounds, report, stop);
        MeasureMemory(report, stop);
    }

    private void MeasureLoad(int containers, int readers, int rounds, Report report, CancellationToken stop)
    {
        List<double> alone = [], beside = [];
        for (var round = 0; round < rounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            alone.Add(ReadMedian());
            var others = Enumerable.Range(FirstOther, containers)
                .Select(ctid => Task.Run(() => Reader($"{ctid}", readers, Milliseconds + (2 * Head)).Run(), stop)).ToArray();
            Thread.Sleep(Head);
            beside.Add(ReadMedian());
            Task.WaitAll(others, stop);
        }
        var what = $"/proc/meminfo, 1 reader, while {containers} other{(containers == 1 ? "" : "s")} read with {readers} each: µs";
        // Many containers share the processors whatever they do; the promise is of one.
        report.Compare(what, Middle(beside), "alone", Middle(alone), atLeast: null, atMost: containers == 1 ? 2 : null);
    }

    private void MeasureMemory(Report report, CancellationToken stop)
    {
        var few = Daemon.Memory(config);
        StartOthers(Others, stop);
        // Two samples of the load averages, for which each container becomes known.
        Thread.Sleep(TimeSpan.FromSeconds(11));
        report.Value($"memory of insulad, both processes, {Others + 1} containers", Daemon.Memory(config), "KiB", MostMemory);
        ReadAll(stop);
        var all = Daemon.Memory(config);
        report.Value("the same after all files of all have been read", all, "KiB", MostMemory);
        report.Value("its growth for each container", (all - few) / (Others - 10), "KiB", MostGrowth);
    }

    private void ReadAll(CancellationToken stop)
    {
        foreach (var ctid in Enumerable.Range(FirstOther, Others))
        {
            stop.ThrowIfCancellationRequested();
            foreach (var file in Directory.EnumerateFiles(Path.Combine(Data, "run/proc", $"{ctid}"), "*", SearchOption.AllDirectories))
            {
                // Not File.ReadAllBytes: like those of sysfs, most are shorter than stat(2) says.
                using var content = File.OpenRead(file);
                content.CopyTo(Stream.Null);
            }
        }
    }

    private void StartOthers(int count, CancellationToken stop)
    {
        var reader = Path.Combine(Data, "root", victim, "reader");
        foreach (var ctid in Enumerable.Range(FirstOther, count).Where(ctid => !Directory.Exists(Path.Combine(Data, "root", $"{ctid}", "bin"))))
        {
            stop.ThrowIfCancellationRequested();
            workspace.Undo(() => VirtualFiles.Remove(workspace, config, $"{ctid}"));
            workspace.InsulaWith(config, "vzctl", "create", $"{ctid}", "--ostemplate", InsulaContender.Template).Run();
            workspace.InsulaWith(config, "vzctl", "start", $"{ctid}").Run();
            var copy = Path.Combine(Data, "root", $"{ctid}", "reader");
            File.Copy(reader, copy);
            File.SetUnixFileMode(copy, (UnixFileMode)0x1ED); // 0755
        }
    }

    private double ReadMedian()
    {
        var command = Reader(victim, 1, Milliseconds);
        command.Run();
        return double.Parse(command.Output.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private Command Reader(string ctid, int readers, int milliseconds)
        => new(Path.Combine(workspace.Root, "bin/vzctl"), "exec2", ctid, $"/reader /proc/meminfo {readers} {milliseconds}")
        {
            OutputFile = Path.Combine(workspace.Root, $"output.{ctid}"),
            Environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "INSULA_CONFIG_DIR=" + config],
        };

    private static double Middle(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
