using System.Text.Json;
using Insula.Engine.Host;
using Insula.Linux.Probes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Tests.Host;

public sealed class HostCapabilitiesTests : IDisposable
{
    private readonly string _base = Directory.CreateTempSubdirectory("insula-host-").FullName;
    private readonly FakeHost _host = new();

    private HostLayout Layout => HostPreparationTests.LayoutIn(_base);

    public void Dispose() => Directory.Delete(_base, recursive: true);

    private HostReport Report() => new HostCapabilities(_host).Report(Layout);

    private HostReportItem Item(string name) => Report().Items.Single(item => item.Name == name);

    private void Prepare()
    {
        new HostPreparation(Layout, () => []).Prepare();
        _host.Files[Layout.GlobalConfigFile] = "";
    }

    [Fact]
    public void A_stock_host_has_everything()
    {
        Prepare();
        var report = Report();
        // All but a daemon that somebody has started.
        Assert.Equal("does not run", report.Items.Single(item => item.Name == "insulad").Detail);
        Assert.All(report.Items.Where(item => item.Name != "insulad"), item => Assert.True(item is { State: FeatureState.Yes, Cost: null }, item.ToString()));
        Assert.True(report.IsUsable);
        Assert.Equal(ExitCode.Ok, report.ExitCode);
    }

    [Fact]
    public void Names_are_unique_and_every_absence_has_a_cost_in_a_sentence()
    {
        var features = HostFeatures.All.ToList();
        Assert.Equal(features.Count, features.Select(feature => feature.Name).Distinct().Count());
        Assert.All(features, feature => Assert.EndsWith(".", feature.Cost.Replace("lsm=...,bpf.", "lsm.")));
    }

    [Theory]
    [InlineData(KernelProbe.Clone3, "clone3")]
    [InlineData(KernelProbe.OpenAt2, "openat2")]
    [InlineData(KernelProbe.MountSetattr, "mount_setattr")]
    public void A_required_call_that_is_missing_makes_the_host_unusable(KernelProbe probe, string name)
    {
        _host.Answers[probe] = Errno.ENOSYS;
        Assert.Equal(FeatureState.No, Item(name).State);
        Assert.NotNull(Item(name).Cost);
        Assert.Equal(ExitCode.BadKernel, Report().ExitCode);
    }

    [Fact]
    public void What_is_only_recommended_does_not_make_it_unusable()
    {
        _host.Programs.Clear();
        _host.Files.Remove("/dev/fuse");
        _host.Files["/proc/sys/net/ipv4/ip_forward"] = "0";
        Assert.Equal(FeatureState.No, Item("mmdebstrap").State);
        Assert.Equal(FeatureState.No, Item("CRIU").State);
        Assert.Equal(FeatureState.No, Item("FUSE").State);
        Assert.Equal(FeatureState.No, Item("IPv4 forwarding").State);
        Assert.Equal(ExitCode.Ok, Report().ExitCode);
    }

    [Fact]
    public void Nothing_is_looked_at_before_it_is_asked_for_and_nothing_twice()
    {
        var capabilities = new HostCapabilities(_host);
        Assert.Empty(_host.Asked);
        Assert.True(capabilities.Has(KernelFeatures.Clone3));
        Assert.True(capabilities.Has(KernelFeatures.Clone3));
        Assert.Equal(["Clone3"], _host.Asked);
    }

    [Theory]
    [InlineData("4.19.0-27-amd64", FeatureState.No, FeatureState.No)]
    [InlineData("5.10.0-30-amd64", FeatureState.No, FeatureState.No)]
    [InlineData("5.12.0", FeatureState.Yes, FeatureState.No)]
    [InlineData("5.19-rc1", FeatureState.Yes, FeatureState.Yes)]
    [InlineData("6.18.44-x", FeatureState.Yes, FeatureState.Yes)]
    [InlineData("", FeatureState.Limited, FeatureState.No)]
    public void The_kernel_version_decides(string release, FeatureState version, FeatureState layers)
    {
        _host.Files["/proc/sys/kernel/osrelease"] = release;
        Assert.Equal(version, Item("version").State);
        Assert.Equal(layers, Item("idmapped overlay layers").State);
    }

    [Fact]
    public void A_hybrid_host_has_its_controllers_in_v1()
    {
        _host.Files["/proc/self/mountinfo"] = """
            40 30 0:40 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            41 30 0:41 / /sys/fs/cgroup/devices rw - cgroup cgroup rw,devices
            42 30 0:42 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            """;
        _host.Files["/proc/cgroups"] = "memory\t4\t9\t1\ndevices\t5\t1\t1";
        Assert.StartsWith("hybrid", Item("hierarchy").Detail);
        Assert.Equal("/sys/fs/cgroup/memory", Item("memory").Detail);
        Assert.Equal("/sys/fs/cgroup/devices", Item("device access").Detail);
        Assert.Equal(FeatureState.No, Item("cpu").State);
        Assert.Equal(FeatureState.No, Item("swap accounting").State);
        _host.Files["/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes"] = "1";
        Assert.Equal(FeatureState.Yes, Item("swap accounting").State);
        _host.Asked.Clear();
        Assert.True(new HostCapabilities(_host).Has(CgroupFeatures.Devices));
        Assert.DoesNotContain("BpfCgroupDevice", _host.Asked);
    }

    [Fact]
    public void A_v2_host_without_BPF_cannot_restrict_devices()
    {
        _host.Answers[KernelProbe.BpfCgroupDevice] = Errno.EPERM;
        Assert.Equal("BPF: EPERM", Item("device access").Detail);
        Assert.Equal(ExitCode.BadKernel, Report().ExitCode);
    }

    [Fact]
    public void User_namespaces_that_are_switched_off_are_missing()
    {
        _host.Files["/proc/sys/user/max_user_namespaces"] = "0";
        Assert.Equal("user.max_user_namespaces is 0", Item("user namespaces").Detail);
        Assert.Equal(ExitCode.BadKernel, Report().ExitCode);
    }

    [Fact]
    public void Rights_are_read_from_the_effective_capabilities()
    {
        _host.Files["/proc/self/status"] = "CapPrm:\t000001ffffffffff\nCapEff:\t000001fffeffffff";
        Assert.Equal(FeatureState.Yes, Item("root").State);
        Assert.Equal(FeatureState.No, Item("raising limits").State);
    }

    [Fact]
    public void What_cannot_be_found_out_is_not_called_missing()
    {
        _host.Files.Remove("/sys/kernel/security/lsm");
        Assert.Equal(FeatureState.Yes, Item("BPF LSM").State);
        _host.Answers[KernelProbe.BpfSecurityHook] = Errno.EBUSY;
        Assert.Equal(FeatureState.No, Item("BPF LSM").State);
        _host.Files["/sys/kernel/security/lsm"] = "landlock,bpf";
        Assert.Equal(FeatureState.Limited, Item("BPF LSM").State);
        _host.Files["/sys/kernel/security/lsm"] = "landlock";
        Assert.Equal(FeatureState.No, Item("BPF LSM").State);
        _host.Modules.Remove("quota_v2");
        Assert.Equal(FeatureState.Limited, Item("disk quota").State);
    }

    [Fact]
    public void A_disk_without_weights_or_limits_says_why()
    {
        _host.Data = _host.Data with { WeighedBy = null, WhyNoWeights = "the scheduler of sda is none", WhyNoLimits = "no device" };
        Assert.Equal((FeatureState.No, "the scheduler of sda is none"), (Item("disk weights").State, Item("disk weights").Detail));
        Assert.Equal((FeatureState.No, "no device"), (Item("disk limits").State, Item("disk limits").Detail));
        Assert.Equal(ExitCode.Ok, Report().ExitCode);
    }

    [Fact]
    public void Other_managers_are_named()
    {
        _host.Files["/run/docker.sock"] = "";
        _host.Files["/run/incus/unix.socket"] = "";
        Assert.Equal("Docker, Incus", Item("no other container manager").Detail);
    }

    [Fact]
    public void Directories_that_are_missing_or_too_open_are_named()
    {
        Assert.Equal(FeatureState.No, Item("directories").State);
        Prepare();
        Directory.Delete(Layout.RunDirectory);
        Assert.Equal(FeatureState.Yes, Item("directories").State);
        File.SetUnixFileMode(Layout.LayersDirectory, (UnixFileMode)0x1ED);
        Assert.Equal(FeatureState.Limited, Item("directories").State);
        Assert.Equal($"{Layout.LayersDirectory} has mode 0755, at most 0700 is safe", Item("directories").Detail);
    }

    [Fact]
    public void The_report_reads_as_lines()
    {
        _host.Answers[KernelProbe.Clone3] = Errno.ENOSYS;
        var lines = Report().ToLines().ToList();
        Assert.Equal(["Kernel 6.12.48+deb13-amd64", "", "kernel", "  yes      version                      6.12"], lines[..4]);
        var missing = lines.IndexOf("  MISSING  clone3");
        Assert.Equal("           required: No container can be started.", lines[missing + 1]);
        Assert.Equal("This host cannot run containers: something required is missing.", lines[^1]);
    }

    [Fact]
    public void The_report_is_valid_JSON_with_words_for_states()
    {
        _host.Files["/proc/sys/kernel/osrelease"] = "6.12 \"quoted\"";
        using var json = JsonDocument.Parse(Report().ToJson());
        Assert.Equal("6.12 \"quoted\"", json.RootElement.GetProperty("kernel").GetString());
        Assert.True(json.RootElement.GetProperty("isUsable").GetBoolean());
        var item = json.RootElement.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("name").GetString() == "overlay");
        Assert.Equal("Yes", item.GetProperty("state").GetString());
        Assert.Equal("Recommended", item.GetProperty("need").GetString());
    }

    [Fact]
    public void The_host_that_runs_this_test_can_be_looked_at()
    {
        var report = new HostCapabilities().Report(Layout);
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/osrelease").Trim(), report.Kernel);
        Assert.Equal(FeatureState.Yes, report.Items.Single(item => item.Name == "clone3").State);
    }
}
