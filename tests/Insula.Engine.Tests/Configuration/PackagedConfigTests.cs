using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Engine.Parameters;

namespace Insula.Engine.Tests.Configuration;

public sealed class PackagedConfigTests
{
    private static readonly string Packaged = Path.Combine(Repository(), "packaging", "etc", "vz");

    [Fact]
    public void The_packaged_vz_conf_says_what_the_defaults_are()
    {
        var config = GlobalConfig.Load(Packaged);
        Assert.Empty(config.Warnings);
        Assert.Equal(HostLayout.Default with { ConfigDirectory = Packaged }, config.Layout);
        Assert.True(File.Exists(new ContainerStore(config).SamplePath(config.SampleName)));
    }

    [Theory]
    [InlineData("vswap-256m", 65536)]
    [InlineData("vswap-512m", 131072)]
    [InlineData("vswap-1g", 262144)]
    [InlineData("vswap-2g", 524288)]
    [InlineData("vswap-4g", 1048576)]
    [InlineData("basic", null)]
    [InlineData("light", null)]
    public void Every_packaged_sample_makes_a_container_that_may_start(string sample, int? pages)
    {
        var config = new ContainerStore(GlobalConfig.Load(Packaged)).CreateFromSample(new Ctid(101), sample);
        Assert.Empty(config.File.Warnings);
        Assert.Empty(config.BadValues());
        Assert.Empty(RequiredParameters.Missing(config));
        Assert.Equal(sample, config.File.Get("ORIGIN_SAMPLE"));
        if (pages is { } memory)
            Assert.Equal(($"0:{memory}", $"0:{2 * memory}"), (config.File.Get("PHYSPAGES"), config.File.Get("SWAPPAGES")));
    }

    private static string Repository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Insula.slnx")))
            directory = directory.Parent ?? throw new DirectoryNotFoundException("the tests do not run inside the repository");
        return directory.FullName;
    }
}
