using System.Globalization;
using System.Runtime.CompilerServices;
using Insula.Bench.Contenders;

namespace Insula.Bench.Measurements;

/// <summary>
/// Files of /proc that are made for a container, read inside it: Insula's beside lxcfs's, which the same container has mounted at another place.
/// </summary>
internal static class VirtualFiles
{
    private const string Ctid = "900110";
    private const int Milliseconds = 1000, MostRounds = 5;
    private const double MostMemory = 32 * 1024;

    private static readonly string[] Files = ["meminfo", "stat", "uptime"];
    private static readonly int[] Readers = [1, 10, 100];

    public static void Measure(Workspace workspace, Options options, Report report, CancellationToken stop)
    {
        var config = workspace.MakeConfiguration("proc");
        var settings = Path.Combine(config, "vz.conf");
        File.WriteAllText(settings, File.ReadAllText(settings).Replace("VIRTUAL_PROC=\"no\"", "VIRTUAL_PROC=\"yes\"", StringComparison.Ordinal));
        var program = Compile(workspace);
        var peer = Lxcfs.TryStart(workspace);
        if (peer is null)
            report.Note("lxcfs is not installed; the virtual files have no peer.");
        Prepare(workspace, config, program, peer);
        foreach (var file in Files)
        {
            foreach (var readers in Readers)
                MeasureFile(workspace, config, file, readers, peer is not null, options, report, stop);
        }
        report.Value("memory of insulad, both processes", Daemon.Memory(config), "KiB", MostMemory);
        new VirtualFileNeighbours(workspace, config, Ctid).Measure(Math.Min(options.Rounds, MostRounds), report, stop);
    }

    private static void MeasureFile(
        Workspace workspace, string config, string file, int readers, bool hasPeer, Options options, Report report, CancellationToken stop)
    {
        List<(double PerSecond, double Median)> ours = [], theirs = [];
        for (var round = 0; round < Math.Min(options.Rounds, MostRounds); round++)
        {
            stop.ThrowIfCancellationRequested();
            ours.Add(Read(workspace, config, $"/proc/{file}", readers));
            if (hasPeer)
                theirs.Add(Read(workspace, config, $"/lxcfs/proc/{file}", readers));
        }
        var what = $"/proc/{file}, {readers} reader{(readers == 1 ? "" : "s")}";
        report.Compare($"{what}: reads/s", Middle(ours, x => x.PerSecond), "lxcfs", Middle(theirs, x => x.PerSecond), atLeast: 2, atMost: null);
        report.Compare($"{what}: µs", Middle(ours, x => x.Median), "lxcfs", Middle(theirs, x => x.Median), atLeast: null, atMost: 0.5);
    }

    private static double? Middle(List<(double PerSecond, double Median)> rounds, Func<(double PerSecond, double Median), double> figure)
        => rounds.Count == 0 ? null : rounds.Select(figure).Order().ElementAt(rounds.Count / 2);

    private static (double PerSecond, double Median) Read(Workspace workspace, string config, string file, int readers)
    {
        var command = workspace.InsulaWith(config, "vzctl", "exec2", Ctid, $"/reader {file} {readers} {Milliseconds}");
        command.Run();
        return command.Output.Split(' ') is [var perSecond, var median]
            ? (double.Parse(perSecond, CultureInfo.InvariantCulture), double.Parse(median, CultureInfo.InvariantCulture))
            : throw new BenchException($"the reader said: {command.Output}");
    }

    private static void Prepare(Workspace workspace, string config, string program, string? peer)
    {
        workspace.Undo(() => Daemon.End(config));
        workspace.InsulaWith(config, "insula", "template", "import", BusyboxTree.Make(workspace, "proc-template"), "--name", InsulaContender.Template).Run();
        workspace.Undo(() => Remove(workspace, config, Ctid));
        workspace.InsulaWith(config, "vzctl", "create", Ctid, "--ostemplate", InsulaContender.Template).Run();
        var root = Path.Combine(Path.GetDirectoryName(config)!, "root", Ctid);
        if (peer is not null)
        {
            var script = Path.Combine(config, "conf", $"{Ctid}.mount");
            File.WriteAllText(script, $"#!/bin/sh\nmkdir -p {root}/lxcfs && mount --bind {peer} {root}/lxcfs\n");
            File.SetUnixFileMode(script, (UnixFileMode)0x1ED); // 0755
        }
        workspace.InsulaWith(config, "vzctl", "start", Ctid).Run();
        File.Copy(program, Path.Combine(root, "reader"));
        File.SetUnixFileMode(Path.Combine(root, "reader"), (UnixFileMode)0x1ED); // 0755
    }

    internal static void Remove(Workspace workspace, string config, string ctid)
    {
        workspace.InsulaWith(config, "vzctl", "stop", ctid, "--fast").TryRun();
        workspace.InsulaWith(config, "vzctl", "umount", ctid).TryRun();
        workspace.InsulaWith(config, "vzctl", "destroy", ctid).TryRun();
    }

    private static string Compile(Workspace workspace)
    {
        var program = Path.Combine(workspace.MakeDirectory("reader"), "reader");
        new Command("/usr/bin/gcc", "-O2", "-static", "-o", program, Source()) { OutputFile = workspace.OutputFile }.Run();
        return program;
    }

    private static string Source([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(here)!)!, "reader.c");
}
