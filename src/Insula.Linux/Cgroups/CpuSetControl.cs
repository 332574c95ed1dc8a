using Insula.Linux.Syscalls;

namespace Insula.Linux.Cgroups;

/// <summary>
/// The processors and memory nodes a group may use (cpuset.cpus, cpuset.mems; Documentation/admin-guide/cgroup-v1/cpusets.rst
/// and cgroup-v2.rst). In v1 a group has nothing until it is told, and no process can enter it; v2 takes the parent's by itself.
/// </summary>
public sealed class CpuSetControl
{
    private const string CpusFile = "cpuset.cpus";
    private const string MemsFile = "cpuset.mems";

    private readonly string _directory;
    private readonly bool _isUnified;

    internal CpuSetControl(CgroupHierarchy hierarchy, string directory)
    {
        _directory = directory;
        _isUnified = hierarchy.IsUnified;
    }

    /// <summary>The processors the group's parent has to give: what <see cref="CpuChoice"/> chooses from.</summary>
    public CpuSet AllowedCpus => ReadOf(Path.GetDirectoryName(_directory)!, CpusFile);

    /// <summary>The memory nodes the group's parent has to give.</summary>
    public CpuSet AllowedNodes => ReadOf(Path.GetDirectoryName(_directory)!, MemsFile);

    /// <summary>The processors the group runs on. Setting <see cref="CpuSet.All"/> gives it all that its parent has.</summary>
    /// <exception cref="LinuxException">The kernel refused: a processor that the parent does not have, or that is offline.</exception>
    public CpuSet Cpus
    {
        get => ReadOf(_directory, CpusFile);
        set => Set(CpusFile, value, AllowedCpus);
    }

    /// <summary>The memory nodes the group allocates from. Setting <see cref="CpuSet.All"/> gives it all that its parent has.</summary>
    /// <exception cref="LinuxException">The kernel refused: a node that the parent does not have.</exception>
    public CpuSet Nodes
    {
        get => ReadOf(_directory, MemsFile);
        set => Set(MemsFile, value, AllowedNodes);
    }

    /// <summary>What makes a new v1 group usable: its parent's processors and nodes.</summary>
    internal static void InheritFromParent(string directory)
    {
        foreach (var file in (ReadOnlySpan<string>)[CpusFile, MemsFile])
        {
            var own = $"{directory}/{file}";
            if (CgroupFile.Read(own).Length == 0)
                CgroupFile.Write(own, CgroupFile.Read($"{Path.GetDirectoryName(directory)}/{file}"));
        }
    }

    private void Set(string file, CpuSet value, CpuSet allowed)
    {
        var isAll = value == CpuSet.All;
        // In v2 the empty line means "as the parent", also when the parent's set changes later.
        var text = isAll && _isUnified ? "\n" : (isAll ? allowed : value).ToString();
        var errno = CgroupFile.TryWrite($"{_directory}/{file}", text);
        if (errno != Errno.None)
            throw CgroupFile.WriteFailure($"{_directory}/{file}", text, errno, $"to be had here: {allowed}");
    }

    // v2 shows in cpuset.cpus what was asked for (perhaps nothing) and in cpuset.cpus.effective what holds; its root has only the latter.
    private CpuSet ReadOf(string directory, string file)
    {
        var path = _isUnified ? $"{directory}/{file}.effective" : $"{directory}/{file}";
        return CpuSet.FromKernel(CgroupFile.Read(path), path);
    }
}
