using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Processes;

namespace Insula.Engine.Tests.Configuration;

public sealed class ContainerConfigTests
{
    [Fact]
    public void The_containers_own_file_counts_before_the_hosts_and_that_before_the_default()
    {
        Assert.Equal(1000, Config("").Get(CpuParameters.CpuUnits));
        Assert.Equal(500, Config("", "CPUUNITS=500").Get(CpuParameters.CpuUnits));
        Assert.Equal(250, Config("CPUUNITS=250", "CPUUNITS=500").Get(CpuParameters.CpuUnits));
        Assert.False(Config("").TryGet(GeneralParameters.OnBoot, out _));
        Assert.False(Config("", "HOSTNAME=everybody\nLOCAL_UID=100000").TryGet(NetworkParameters.HostName, out _));
        Assert.False(Config("", "LOCAL_UID=100000").TryGet(GeneralParameters.LocalUid, out _));
    }

    [Fact]
    public void An_old_key_is_read_and_a_write_puts_the_new_one_in_its_place()
    {
        var config = Config("DCACHE=\"10:20\"\n");
        Assert.Equal(new BarrierLimit(10, 20), config.Get(BeancounterParameters.DCacheSize));
        config.Set(BeancounterParameters.DCacheSize, new BarrierLimit(30));
        Assert.Equal("DCACHESIZE=\"30:30\"\n", Text(config));
    }

    [Fact]
    public void The_container_number_stands_in_its_paths_only()
    {
        var config = Config("VE_ROOT=/vz/root/$VEID\nVE_PRIVATE=/vz/${VEID}/$VEIDS\nDESCRIPTION='$VEID'\n");
        Assert.Equal("/vz/root/101", config.RootDirectory);
        Expect.Error(ExitCode.InvalidConfig, () => _ = config.PrivateDirectory);
        Assert.Equal("$VEID", config.Get(GeneralParameters.Description, ""));
        Expect.Error(ExitCode.RootNotSet, () => _ = Config("").RootDirectory);
        Expect.Error(ExitCode.PrivateNotSet, () => _ = Config("").PrivateDirectory);
    }

    [Fact]
    public void A_bad_value_names_file_key_and_reason_and_does_not_stop_a_list()
    {
        var config = Config("CPUUNITS=\"lots\"\nONBOOT=\"yes\"\n");
        var error = Expect.Error(ExitCode.InvalidConfig, () => config.Get(CpuParameters.CpuUnits));
        Assert.Equal("Bad value \"lots\" for CPUUNITS in 101.conf: not a whole number", error.Message);
        Assert.False(config.TryPeek(CpuParameters.CpuUnits, out _));
        Assert.True(config.TryPeek(GeneralParameters.OnBoot, out var onBoot) && onBoot);
        Assert.Single(config.BadValues());
    }

    [Fact]
    public void Addresses_are_added_and_removed_one_by_one()
    {
        var config = Config("IP_ADDRESS=\"192.0.2.1 192.0.2.2\"\n");
        Apply(config, ("ipadd", "192.0.2.3"), ("ipdel", "192.0.2.1"), ("ipadd", "2001:db8::1/64"));
        Assert.Equal("IP_ADDRESS=\"192.0.2.2 192.0.2.3 2001:db8::1/64\"\n", Text(config));
        Apply(config, ("ipadd", "192.0.2.9"), ("ipdel", "all"));
        Assert.Equal("IP_ADDRESS=\"192.0.2.9\"\n", Text(config));
        Apply(config, ("ip", "192.0.2.9/24"));
        Assert.Equal("IP_ADDRESS=\"192.0.2.9/24\"\n", Text(config));
        Apply(config, ("ipdel", "192.0.2.9"));
        Assert.Equal("", Text(config));
    }

    [Fact]
    public void Several_name_servers_replace_the_old_list()
    {
        var config = Config("NAMESERVER=\"192.0.2.53\"\n");
        Apply(config, ("nameserver", "192.0.2.54"), ("nameserver", "2001:db8::53"));
        Assert.Equal("NAMESERVER=\"192.0.2.54 2001:db8::53\"\n", Text(config));
    }

    [Fact]
    public void Capabilities_and_devices_are_changed_by_name()
    {
        var config = Config("CAPABILITY=\"SYS_TIME:on NET_ADMIN:on \"\nDEVNODES=\"fuse:rw net/tun:rw\"\n");
        Apply(config, ("capability", "sys_time:off"), ("devnodes", "fuse:none"), ("devnodes", "kvm:rw"));
        Assert.Equal("CAPABILITY=\"net_admin:on,sys_time:off\"\nDEVNODES=\"net/tun:rw fuse:none kvm:rw\"\n", Text(config));
        var set = CapabilitySwitches.Apply(CapabilitySet.Of(Capability.SysTime, Capability.Chown), config.Get(DeviceParameters.Capability));
        Assert.Equal(CapabilitySet.Of(Capability.Chown, Capability.NetAdmin), set);
    }

    [Fact]
    public void Every_capability_name_means_the_kernels_number_of_that_name()
    {
        foreach (var capability in Enum.GetValues<Capability>())
        {
            var config = Config($"CAPABILITY=\"{Grammar.Capabilities[(int)capability + 1].ToUpperInvariant()}:on\"\n");
            Assert.Equal(CapabilitySet.Of(capability), CapabilitySwitches.Apply(CapabilitySet.Empty, config.Get(DeviceParameters.Capability)));
        }
        var both = Config("CAPABILITY=\"CAP_SYS_ADMIN:off,ve_admin:on\"\n").Get(DeviceParameters.Capability);
        Assert.Equal(CapabilitySet.Of(Capability.NetAdmin), CapabilitySwitches.Apply(CapabilitySet.Empty, both));
    }

    [Fact]
    public void A_change_to_what_is_there_already_is_none()
    {
        var config = Config("PHYSPAGES=\"0:256M\"\nNAMESERVER=\"192.0.2.1\"\n");
        Assert.Empty(Apply(config, ("ram", "256M"), ("nameserver", "192.0.2.1"), ("ipdel", "all")));
        Assert.Equal("PHYSPAGES=\"0:256M\"\nNAMESERVER=\"192.0.2.1\"\n", Text(config));
        Assert.Equal(["PHYSPAGES"], Apply(config, ("ram", "512M")).Select(parameter => parameter.Key));
    }

    [Fact]
    public void A_password_is_never_written()
    {
        var config = Config("");
        Assert.Empty(Apply(config, ("userpasswd", "root:secret")));
        Assert.Equal("", Text(config));
    }

    [Fact]
    public void An_empty_name_removes_it_and_a_bad_old_value_is_replaced()
    {
        var config = Config("NAME=\"web\"\nCPUUNITS=\"lots\"\n");
        Assert.Equal(2, Apply(config, ("name", ""), ("cpuunits", "1000")).Count);
        Assert.Equal("CPUUNITS=\"1000\"\n", Text(config));
    }

    [Fact]
    public void An_unknown_option_is_bad_syntax()
        => Expect.Error(ExitCode.BadSyntax, () => new ParameterChanges().Add(new OptionValue("warp", "9"), ParseContext.Default));

    [Fact]
    public void Memory_that_libvirt_reads_is_written_as_two_decimal_numbers()
    {
        var config = Config("#UUID: 1\n");
        Apply(config, ("privvmpages", "256M"), ("diskspace", "10G"));
        Assert.Equal("PRIVVMPAGES=\"65536:65536\"\nDISKSPACE=\"10485760:10485760\"\n#UUID: 1\n", Text(config));
    }

    private static IReadOnlyList<ParameterDeclaration> Apply(ContainerConfig config, params (string Name, string Value)[] options)
    {
        var changes = new ParameterChanges();
        foreach (var (name, value) in options)
            changes.Add(new OptionValue(name, value), ParseContext.Default);
        return config.Apply(changes);
    }

    private static ContainerConfig Config(string own, string global = "")
        => new(new Ctid(101), ConfigFile.Parse("101.conf", Encoding.UTF8.GetBytes(own)), ConfigFile.Parse("vz.conf", Encoding.UTF8.GetBytes(global)));

    private static string Text(ContainerConfig config) => Encoding.UTF8.GetString(config.File.ToBytes());
}
