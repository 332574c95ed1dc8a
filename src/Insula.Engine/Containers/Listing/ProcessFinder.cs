using System.Globalization;
using Insula.Engine.Host;
using Insula.Linux.Cgroups;

namespace Insula.Engine.Containers.Listing;

/// <summary>Tells which container a process of the host is in.</summary>
/// <param name="cgroupName">The name of our tree in each cgroup hierarchy, see <see cref="CgroupHome"/>.</param>
/// <param name="procDirectory">/proc, or what a test puts in its place.</param>
public sealed class ProcessFinder(string cgroupName, string procDirectory = "/proc")
{
    /// <summary>A process and its container.</summary>
    /// <param name="Ctid">The container; 0 for the host.</param>
    /// <param name="Name">The process's name as the process chose it: hostile text.</param>
    /// <param name="InnerPid">Its number in the container; its number here for a process of the host.</param>
    public readonly record struct FoundProcess(Ctid Ctid, string Name, int InnerPid);

    /// <summary>Looks at the processes of this host.</summary>
    public static ProcessFinder OnThisHost(HostLayout layout) => new(CgroupHome.NameOn(layout, CgroupWorld.Detect()));

    /// <summary>Looks a process up; null if there is none.</summary>
    public FoundProcess? Find(int pid)
    {
        try
        {
            var ctid = ContainerOf(File.ReadAllText($"{procDirectory}/{pid}/cgroup"));
            var status = File.ReadAllText($"{procDirectory}/{pid}/status");
            return new FoundProcess(ctid, Field(status, "Name:").ToString(), ctid.IsHost ? pid : InnerPid(status, pid));
        }
        // It may end at any moment: ENOENT when opened, ESRCH when read.
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads lines such as <c>4:memory:/insula/101/system.slice</c> and <c>0::/insula/101</c>. A process cannot leave the group of
    /// its container; only what stands at the start of the path counts, since what follows is named by the container.
    /// </summary>
    private Ctid ContainerOf(string cgroups)
    {
        foreach (var line in cgroups.AsSpan().EnumerateLines())
        {
            var controllers = line.IndexOf(':');
            var path = controllers < 0 ? -1 : line[(controllers + 1)..].IndexOf(':');
            if (path < 0)
                continue;
            var rest = line[(controllers + path + 2)..];
            if (!rest.StartsWith("/") || !rest[1..].StartsWith(cgroupName, StringComparison.Ordinal))
                continue;
            rest = rest[(1 + cgroupName.Length)..];
            if (!rest.StartsWith("/"))
                continue;
            rest = rest[1..];
            var end = rest.IndexOf('/');
            if (Ctid.TryParse(end < 0 ? rest : rest[..end], out var ctid))
                return ctid;
        }
        return Ctid.Host;
    }

    /// <summary>The second number of <c>NSpid:	4711	57	1</c>; further ones are of namespaces that the container made.</summary>
    private static int InnerPid(string status, int pid)
    {
        var numbers = Field(status, "NSpid:");
        var tab = numbers.IndexOf('\t');
        if (tab < 0)
            return pid;
        var rest = numbers[(tab + 1)..];
        var end = rest.IndexOf('\t');
        return int.TryParse(end < 0 ? rest : rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var inner) ? inner : pid;
    }

    private static ReadOnlySpan<char> Field(string status, string name)
    {
        foreach (var line in status.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
                return line[name.Length..].Trim();
        }
        return "";
    }
}
