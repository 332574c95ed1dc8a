using Insula.Engine.Distributions.Scripts;
using Insula.Engine.Host;

namespace Insula.Engine.Tests.Distributions;

public class DistributionFileTests
{
    private static HostLayout Layout(TemporaryDirectory directory, params string[] files)
    {
        Directory.CreateDirectory(Path.Combine(directory.Path, "dists/scripts"));
        foreach (var file in files)
            File.WriteAllText(Path.Combine(directory.Path, "dists", file), $"ADD_IP={file}.sh\nSET_DNS=\"\"\n");
        return HostLayout.Default with { ConfigDirectory = directory.Path };
    }

    [Theory]
    [InlineData("centos-6-x86_64", "centos-6.conf")]
    [InlineData("centos-6", "centos-6.conf")]
    [InlineData("centos-6x", "centos.conf")]
    [InlineData("centos", "centos.conf")]
    [InlineData("centosx", "default")]
    [InlineData("-x", "default")]
    [InlineData(null, "default")]
    public void The_longest_name_that_there_is_a_file_for_counts(string? name, string expected)
    {
        using var directory = new TemporaryDirectory();
        var file = DistributionFile.Find(Layout(directory, "centos.conf", "centos-6.conf", "default"), name);
        Assert.Equal(Path.Combine(directory.Path, "dists", expected), file!.Path);
        Assert.Equal(expected == "default", file.IsDefault);
        Assert.Equal(Path.Combine(directory.Path, "dists/scripts", expected + ".sh"), file.ScriptFor(DistributionAction.AddIp));
        Assert.Null(file.ScriptFor(DistributionAction.SetDns));
        Assert.Null(file.ScriptFor(DistributionAction.SetHostName));
    }

    [Fact]
    public void Where_the_administrator_wrote_none_everything_is_built_in()
    {
        using var directory = new TemporaryDirectory();
        Assert.Null(DistributionFile.Find(HostLayout.Default with { ConfigDirectory = directory.Path }, "debian-13"));
        Assert.Null(DistributionFile.Find(Layout(directory, "centos.conf"), "debian-13"));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_code_107()
    {
        using var directory = new TemporaryDirectory();
        var layout = Layout(directory);
        Directory.CreateDirectory(Path.Combine(directory.Path, "dists/debian.conf"));
        var error = Assert.Throws<InsulaException>(() => DistributionFile.Find(layout, "debian-13"));
        Assert.Equal(ExitCode.NoDistributionConfig, error.Code);
    }

    [Fact]
    public void Functions_stand_before_the_script()
    {
        using var directory = new TemporaryDirectory();
        var layout = Layout(directory, "debian.conf");
        Write("functions", "f() { true; }");
        Write("debian.conf.sh", "f\n");
        var file = DistributionFile.Find(layout, "debian-13")!;
        Assert.Equal("f() { true; }\nf\n", System.Text.Encoding.UTF8.GetString(file.Read(DistributionAction.AddIp)));

        void Write(string name, string text)
        {
            var path = Path.Combine(directory.Path, "dists/scripts", name);
            File.WriteAllText(path, text);
            File.SetUnixFileMode(path, (UnixFileMode)0x1A4);
        }
    }
}
