using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Host;

namespace Insula.Engine.Tests.Configuration;

public sealed class GlobalConfigTests
{
    [Fact]
    public void An_empty_file_gives_the_defaults()
    {
        var config = Parse("");
        Assert.Equal(HostLayout.Default, config.Layout);
        Assert.Equal(("vswap-512m", "debian-13", 1000L), (config.SampleName, config.DefaultTemplate, config.HostCpuUnits));
        Assert.True(config.Logging && config.Ipv6 && config.Enabled);
        Assert.False(config.ForceRoute);
        Assert.Equal("all", config.NeighbourDevices);
        Assert.Empty(config.Warnings);
    }

    [Fact]
    public void The_file_says_where_things_are()
    {
        var layout = Parse("LOCKDIR=/vz/lock\nTEMPLATE=/vz/template\nVE_ROOT=/vz/root/$VEID\nVE_PRIVATE=\"/vz/private/${VEID}\"\nRUNDIR=/run/x\nCGROUP=a/b\nLOGFILE=/log\n").Layout;
        Assert.Equal(new HostLayout("/etc/vz", "/vz/lock", "/vz/template", "/vz/root/$VEID", "/vz/private/${VEID}", "/run/x", "a/b", "/log"), layout);
    }

    [Theory]
    [InlineData("LOCKDIR=relative")]
    [InlineData("CGROUP=../other")]
    [InlineData("CGROUP=/")]
    [InlineData("CGROUP=a/cpu.max")]
    [InlineData("VE0CPUUNITS=7")]
    [InlineData("LOGGING=perhaps")]
    [InlineData("CONFIGFILE=../../x")]
    [InlineData("NETFILTER=full")]
    public void A_bad_value_is_reported_and_the_default_counts(string line)
    {
        var config = Parse(line + "\n");
        Assert.Single(config.Warnings);
        Assert.Equal(HostLayout.Default, config.Layout);
        Assert.Equal("vswap-512m", config.SampleName);
    }

    [Fact]
    public void A_missing_or_oversized_file_ends_with_code_10()
    {
        using var directory = new TemporaryDirectory();
        Assert.Contains("vz.conf", Expect.Error(ExitCode.NoGlobalConfig, () => GlobalConfig.Load(directory.Path)).Message, StringComparison.Ordinal);
        directory.Write("vz.conf", new string('x', ConfigFile.MaximumSize + 1));
        Expect.Error(ExitCode.NoGlobalConfig, () => GlobalConfig.Load(directory.Path));
        File.Delete(directory["vz.conf"]);
        Directory.CreateDirectory(directory["vz.conf"]);
        Expect.Error(ExitCode.NoGlobalConfig, () => GlobalConfig.Load(directory.Path));
    }

    [Fact]
    public void The_directory_it_is_read_from_is_the_configuration_directory()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("vz.conf", "");
        Assert.Equal(directory.Path, GlobalConfig.Load(directory.Path).Layout.ConfigDirectory);
    }

    private static GlobalConfig Parse(string text) => GlobalConfig.Parse(ConfigFile.Parse("/etc/vz/vz.conf", Encoding.UTF8.GetBytes(text)));
}
