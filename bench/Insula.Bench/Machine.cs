using Insula.Bench.Contenders;

namespace Insula.Bench;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    public static void Describe(IEnumerable<IContender> contenders, Options options, Report report)
    {
        report.Fact($"kernel {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, {Field("/etc/os-release", "PRETTY_NAME=")}");
        report.Fact($"{Environment.ProcessorCount} CPUs, {Field("/proc/cpuinfo", "model name\t: ")}; load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        report.Fact($"cgroups: {CgroupWorld()}");
        report.Fact($"{options.Rounds} rounds after {options.WarmUp} that do not count; the contenders take turns within a round");
        foreach (var contender in contenders)
        {
            // Another one of ours.
            if (contender.Note.Length == 0)
                continue;
            if (contender.Version.TryRun())
                report.Fact($"{contender.Name}: {contender.Version.Output.Split('\n')[0]}");
            report.Note(contender.Note);
        }
    }

    private static string CgroupWorld()
        => File.Exists("/sys/fs/cgroup/cgroup.controllers") ? "v2"
            : Directory.Exists("/sys/fs/cgroup/unified") ? "hybrid (v1 hierarchies and a cgroup2 mount)" : "v1";

    private static string Field(string file, string prefix)
        => File.ReadLines(file).FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..].Trim('"') ?? "unknown";
}
