using Insula.Engine.Host;
using Insula.Linux.Probes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Tests.Host;

/// <summary>A host made of text. As it comes it is a stock Debian 13 with everything.</summary>
internal sealed class FakeHost : IHostView
{
    public Dictionary<string, string> Files { get; } = new()
    {
        ["/proc/sys/kernel/osrelease"] = "6.12.48+deb13-amd64",
        ["/proc/self/status"] = "Name:\tx\nCapEff:\t000001ffffffffff",
        ["/proc/self/mountinfo"] = "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate",
        ["/proc/cgroups"] = "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpu\t0\t9\t1\nmemory\t0\t9\t1",
        ["/sys/fs/cgroup/io.cost.qos"] = "",
        ["/sys/fs/cgroup/cgroup.controllers"] = "cpuset cpu io memory hugetlb pids rdma misc",
        ["/proc/cmdline"] = "BOOT_IMAGE=/vmlinuz lsm=landlock,bpf",
        ["/proc/filesystems"] = "nodev\tsysfs\n\text4\nnodev\toverlay\nnodev\tfuse",
        ["/proc/sys/fs/quota"] = "",
        ["/proc/sys/user/max_user_namespaces"] = "127000",
        ["/sys/module/apparmor/parameters/enabled"] = "Y",
        ["/sys/kernel/security/lsm"] = "lockdown,capability,landlock,yama,apparmor,bpf",
        ["/sys/kernel/btf/vmlinux"] = "",
        ["/sys/kernel/mm/ksm/run"] = "0",
        ["/proc/pressure/memory"] = "some avg10=0.00",
        ["/proc/kpagecount"] = "",
        ["/proc/sys/net/ipv4/ip_forward"] = "1",
        ["/proc/sys/net/ipv6/conf/all/forwarding"] = "1",
        ["/proc/sys/vm/unprivileged_userfaultfd"] = "0",
        ["/dev/fuse"] = "",
        ["/dev/loop-control"] = "",
        ["/dev/net/tun"] = "",
        ["/proc/self/ns/user"] = "",
        ["/proc/self/ns/mnt"] = "",
        ["/proc/self/ns/pid"] = "",
        ["/proc/self/ns/net"] = "",
        ["/proc/self/ns/ipc"] = "",
        ["/proc/self/ns/uts"] = "",
        ["/proc/self/ns/cgroup"] = "",
        ["/proc/self/ns/time"] = "",
    };

    public Dictionary<KernelProbe, Errno> Answers { get; } = new()
    {
        [KernelProbe.OpenAt2] = Errno.EINVAL,
        [KernelProbe.SeccompListener] = Errno.EFAULT,
        [KernelProbe.Clone3] = Errno.EINVAL,
        [KernelProbe.PidfdGetfd] = Errno.EBADF,
        [KernelProbe.CloseRange] = Errno.EINVAL,
        [KernelProbe.MountApi] = Errno.EFAULT,
        [KernelProbe.MountSetattr] = Errno.EINVAL,
        [KernelProbe.UserFaultFd] = Errno.EINVAL,
        [KernelProbe.Quota] = Errno.ENODEV,
    };

    public HashSet<string> Modules { get; } = ["veth", "bridge", "netkit", "macvlan", "nf_tables", "nft_ct", "nft_nat", "nf_conntrack_bridge", "sch_htb", "bfq", "quota_v2", "btrfs", "squashfs", "erofs"];

    public Dictionary<string, string> Programs { get; } = new()
    {
        ["criu"] = "Version: 4.2.1",
        ["mmdebstrap"] = "",
        ["xz"] = "",
        ["zstd"] = "",
    };

    public DataView Data { get; set; } = new("ext4", "sda", null, "bfq on sda", null, "project quota", null);

    /// <summary>Everything that was asked, in order.</summary>
    public List<string> Asked { get; } = [];

    public string? Read(string path)
    {
        Asked.Add(path);
        return Files.GetValueOrDefault(path);
    }

    public bool Exists(string path)
    {
        Asked.Add(path);
        return Files.ContainsKey(path);
    }

    public Errno Ask(KernelProbe probe)
    {
        Asked.Add($"{probe}");
        return Answers.GetValueOrDefault(probe);
    }

    public bool HasKernelPart(string symbol, string module) => Modules.Contains(module);

    public DataView LookAtData(string directory) => Data;

    public string? FindProgram(string name) => Programs.ContainsKey(name) ? $"/usr/bin/{name}" : null;

    public string? FirstLineOf(string program, string argument) => Programs.GetValueOrDefault(Path.GetFileName(program));
}
