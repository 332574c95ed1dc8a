using System.Text;
using Insula.Linux.Cgroups;

namespace Insula.Linux.Tests.Cgroups;

/// <summary>
/// A /sys/fs/cgroup of plain files in a temporary directory, with the mount table to match. Plain directories do not fill
/// themselves with files as the kernel's do, so a test lays out the groups it writes to.
/// </summary>
internal sealed class CgroupFixture : IDisposable
{
    private static readonly string[] EachControllerAlone = ["cpuset", "memory", "devices", "freezer", "blkio", "pids"];

    private readonly StringBuilder _mountInfo = new("22 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n");
    private readonly StringBuilder _cgroups = new("#subsys_name\thierarchy\tnum_cgroups\tenabled\n");
    private int _mounts = 30;

    private CgroupFixture() => Root = Directory.CreateTempSubdirectory("insula-cgroups-").FullName;

    public string Root { get; }

    public string MountInfo => _mountInfo.ToString();

    public string Cgroups => _cgroups.ToString();

    /// <summary>Only v1, with cpu and cpuacct in one hierarchy.</summary>
    public static CgroupFixture Version1()
    {
        var fixture = new CgroupFixture();
        fixture.AddVersion1("cpu,cpuacct", "cpu,cpuacct");
        foreach (var controller in EachControllerAlone)
            fixture.AddVersion1(controller, controller);
        fixture.AddVersion1("systemd", "xattr,release_agent=/usr/lib/systemd/systemd-cgroups-agent,name=systemd");
        return fixture;
    }

    /// <summary>v1 with every controller, and a cgroup2 mount without any.</summary>
    public static CgroupFixture Hybrid()
    {
        var fixture = Version1();
        fixture.AddUnified("unified", "");
        return fixture;
    }

    /// <summary>cgroup v2 alone.</summary>
    public static CgroupFixture Version2()
    {
        var fixture = new CgroupFixture();
        fixture.AddUnified("", "cpuset cpu io memory hugetlb pids rdma misc");
        return fixture;
    }

    public CgroupWorld World() => CgroupWorld.Parse(MountInfo, Cgroups, ControllersAt);

    public CgroupTree Tree() => CgroupTree.Open(World(), "insula");

    public string PathOf(string path) => Path.Combine(Root, path);

    /// <summary>Lays a file, and the directories it is in.</summary>
    public void Put(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(path))!);
        File.WriteAllText(PathOf(path), text);
    }

    public string Get(string path) => File.ReadAllText(PathOf(path));

    public void AddVersion1(string directory, string options)
    {
        AddMount(directory, "cgroup", $"rw,{options}");
        foreach (var controller in options.Split(','))
        {
            if (!controller.Contains('=', StringComparison.Ordinal) && controller != "xattr")
                _cgroups.Append($"{controller}\t{_mounts - 30}\t1\t1\n");
        }
    }

    public void AddUnified(string directory, string controllers)
    {
        AddMount(directory, "cgroup2", "rw,nsdelegate,memory_recursiveprot");
        Put($"{directory}/cgroup.controllers".TrimStart('/'), controllers + "\n");
        Put($"{directory}/cgroup.subtree_control".TrimStart('/'), "\n");
    }

    /// <summary>A line of the mount table as it is, for odd cases.</summary>
    public void AddMountLine(string line) => _mountInfo.Append(line).Append('\n');

    public void DisableAtBoot(string controller) => _cgroups.Append($"{controller}\t0\t1\t0\n");

    private static string ControllersAt(string mountPoint)
        => File.Exists($"{mountPoint}/cgroup.controllers") ? File.ReadAllText($"{mountPoint}/cgroup.controllers") : "";

    private void AddMount(string directory, string type, string options)
    {
        var path = directory.Length == 0 ? Root : PathOf(directory);
        Directory.CreateDirectory(path);
        _mountInfo.Append($"{++_mounts} 22 0:{_mounts} / {path} rw,nosuid,nodev,noexec,relatime shared:{_mounts} - {type} {type} {options}\n");
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
