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
    private const int Few = 10, Some = 100, Many = 1000;
    private const double AtMost = 100, AtMostShared = 20;

    public static void Measure(Workspace workspace, Options options, Report report, CancellationToken stop)
    {
        using var few = new Crowd(workspace, Few);
        using var some = new Crowd(workspace, Some);
        using var many = new Crowd(workspace, Many);
        Samples ofFew = new(), ofMany = new(), sharedOfFew = new(), sharedOfSome = new();
        options.EachRound(round =>
        {
            ofFew.Measure(few.Proc, round);
            ofMany.Measure(many.Proc, round);
            sharedOfFew.Measure(few.Shared, round);
            sharedOfSome.Measure(some.Shared, round);
        }, stop);
        report.Ratio($"vzubc --proc of {Many} containers", ofMany, $"of {Few}", ofFew, AtMost);
        report.Ratio($"vzubc --shared of {Some} containers", sharedOfSome, $"of {Few}", sharedOfFew, AtMostShared);
        report.Note("The containers that vzubc reads are groups with a sleeping process each, not started ones.");
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
                if (!SpinWait.SpinUntil(() => _processes.All(HasOwnNamespace), Patience))
                    throw new BenchException("a sleeping process does not come up");
                Proc = workspace.InsulaWith(directory, "vzubc", "--proc");
                Shared = workspace.InsulaWith(directory, "vzubc", "--shared");
                Require(Proc, count + 1, line => line.Contains(": kmemsize", StringComparison.Ordinal));
                Require(Shared, count, line => line.TrimStart() is [>= '1' and <= '9', ..]);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        public Command Proc { get; }

        public Command Shared { get; }

        private static bool HasOwnNamespace(System.Diagnostics.Process process)
            => new FileInfo($"/proc/{process.Id}/ns/cgroup").LinkTarget != new FileInfo("/proc/self/ns/cgroup").LinkTarget;

        // What is measured shows every container, and the host where it is to.
        private static void Require(Command command, int count, Func<string, bool> isOne)
        {
            command.Run();
            var shown = command.Output.Split('\n').Count(isOne);
            if (shown != count)
                throw new BenchException($"vzubc shows {shown} of {count}");
        }

        private void Add(Workspace workspace, string directory, string name, CgroupTree tree, int ctid)
        {
            File.WriteAllText(Path.Combine(directory, "conf", $"{ctid}.conf"), "PHYSPAGES=\"0:131072\"\nSWAPPAGES=\"0:65536\"\n");
            var group = tree.Group(ctid.ToString(CultureInfo.InvariantCulture));
            _groups.Add(group);
            group.Create();
            // An init is known by a cgroup namespace of its own (unshare(1) executes in place).
            var process = System.Diagnostics.Process.Start("/usr/bin/unshare", ["--cgroup", "/bin/busybox", "sleep", "3600"]);
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
