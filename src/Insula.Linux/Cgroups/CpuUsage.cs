using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>Processor time that a group and all below it have used since it was made, in microseconds.</summary>
/// <param name="Total">All of it.</param>
/// <param name="User">In programs.</param>
/// <param name="System">In the kernel on their behalf.</param>
public readonly record struct CpuUsage(long Total, long User, long System)
{
    /// <summary>Reads it from where this host keeps it: cpuacct of v1, or cpu.stat, which v2 has even without the cpu controller.</summary>
    /// <returns>Null when the host accounts it nowhere.</returns>
    internal static CpuUsage? Read(CgroupWorld world, string group)
    {
        if (world.Find(CgroupController.CpuAcct) is { } hierarchy)
            return ReadVersion1(hierarchy.PathOf(group));
        return world.Unified is { } unified ? ReadUnified($"{unified.PathOf(group)}/cpu.stat") : null;
    }

    // cpuacct keeps nanoseconds.
    private static CpuUsage ReadVersion1(string directory)
    {
        var user = CgroupFile.ReadNumber($"{directory}/cpuacct.usage_user");
        var system = CgroupFile.ReadNumber($"{directory}/cpuacct.usage_sys");
        return new CpuUsage(CgroupFile.ReadNumber($"{directory}/cpuacct.usage") / 1000, user / 1000, system / 1000);
    }

    // usage_usec 1000 / user_usec 600 / system_usec 400
    private static CpuUsage ReadUnified(string file)
    {
        var text = CgroupFile.Read(file);
        return new CpuUsage(Figure("usage_usec"), Figure("user_usec"), Figure("system_usec"));

        long Figure(string key) => CgroupFile.FindKeyed(text, key, file) ?? throw new LinuxException($"find {key} in", file, Errno.EPROTO);
    }
}
