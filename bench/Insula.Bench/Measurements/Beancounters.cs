using System.Globalization;
using Insula.Linux.Cgroups;
using Insula.Linux.Processes;

namespace Insula.Bench.Measurements;

/// <summary>
/// vzubc over many containers beside few. The containers are groups with a process each that sleeps: to vzubc they run, since their
/// run-time files say so, and starting a thousand would measure the starts.
/// </summary>
internal static class Beancounters
{
    private const int Few = 10, Many = 1000;
    private const double AtMost = 100;

    public static void Measure(Workspace workspace, Options options, Report report, CancellationToken stop)
    {
        using var few = new Crowd(workspace, Few);
        using var many = new Crowd(workspace, Many);
        Samples ofFew = new(), ofMany = new();
        options.EachRound(round =>
        {
            ofFew.Measure(few.Command, round);
            ofMany.Measure(many.Command, round);
        }, stop);
        report.Ratio($"vzubc --proc of {Many} containers", ofMany, $"of {Few}", ofFew, AtMost);
    }

    private sealed class Crowd : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
        private readonly List<ControlGroup> _groups = [];
        private readonly List<System.Diagnostics.Process> _processes = [];

        public Crowd(Workspace workspace, int count)
        {
            var name = "ubc-" + count.ToString(CultureInfo.InvariantCulture);
            var directory = workspace.MakeConfiguration(name);
            var tree = CgroupTree.Open(CgroupWorld.Detect(), $"{workspace.Name}/{name}");
            try
            {
                for (var i = 0; i < count; i++)
                    Add(workspace, directory, name, tree, 1000 + i);
                Command = workspace.InsulaWith(directory, "vzubc", "--proc");
                Command.Run();
            }
            catch
            {
                Dispose();
                throw;
            }
            var blocks = Command.Output.Split('\n').Count(line => line.Contains(": kmemsize", StringComparison.Ordinal));
            if (blocks != count + 1)
                throw new BenchException($"vzubc shows {blocks - 1} of {count} containers");
        }

        public Command Command { get; }

        private void Add(Workspace workspace, string directory, string name, CgroupTree tree, int ctid)
        {
            File.WriteAllText(Path.Combine(directory, "conf", $"{ctid}.conf"), "PHYSPAGES=\"0:131072\"\nSWAPPAGES=\"0:65536\"\n");
            var group = tree.Group(ctid.ToString(CultureInfo.InvariantCulture));
            _groups.Add(group);
            group.Create();
            var process = System.Diagnostics.Process.Start("/bin/busybox", ["sleep", "3600"]);
            _processes.Add(process);
            group.AddProcess(process.Id);
            var run = Directory.CreateDirectory(Path.Combine(workspace.Root, name, "run", $"{ctid}")).FullName;
            var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            File.WriteAllText(Path.Combine(run, "init"), $"{process.Id} {ProcessStatus.TryReadStartTime(process.Id)} {boot}\n");
            File.WriteAllText(Path.Combine(run, "beancounters"), "");
        }

        public void Dispose()
        {
            foreach (var process in _processes)
            {
                process.Kill();
                process.WaitForExit();
                process.Dispose();
            }
            foreach (var group in _groups)
                group.Delete(Patience);
        }
    }
}
