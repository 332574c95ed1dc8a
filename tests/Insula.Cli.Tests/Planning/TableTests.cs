using System.Xml.Linq;
using Insula.Engine.Containers;
using Insula.Engine.Planning;

namespace Insula.Cli.Tests.Planning;

/// <summary>What the planning tools print, whole, as files in Golden/.</summary>
public sealed class TableTests : IDisposable
{
    private readonly CliFixture _cli = PlanningFixture.WithTwoContainers();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("vzcalc", "vzcalc", "101")]
    [InlineData("vzcalc-v", "vzcalc", "-v", "101")]
    [InlineData("vzcalc-v-vswap", "vzcalc", "-v", "102")]
    [InlineData("vzcalc-json", "vzcalc", "--json", "102")]
    [InlineData("vzmemcheck", "vzmemcheck")]
    [InlineData("vzmemcheck-v", "vzmemcheck", "-v")]
    [InlineData("vzmemcheck-vA", "vzmemcheck", "-vA")]
    [InlineData("vzmemcheck-A-json", "vzmemcheck", "-A", "--json")]
    [InlineData("vzmemcheck-json", "vzmemcheck", "--json")]
    [InlineData("vzcpucheck", "vzcpucheck")]
    [InlineData("vzcpucheck-v", "vzcpucheck", "-v")]
    [InlineData("vzcpucheck-json", "vzcpucheck", "--json")]
    [InlineData("vzcpucheck-x", "vzcpucheck", "-x")]
    [InlineData("vzoversell", "vzoversell")]
    [InlineData("vzoversell-json", "vzoversell", "--json")]
    [InlineData("vzsplit", "vzsplit", "-n", "10")]
    [InlineData("vzsplit-ubc", "vzsplit", "-n", "10", "-v", "no")]
    [InlineData("vzsplit-json", "vzsplit", "-n", "3", "-s", "0", "--json")]
    public void Tables_are_as_they_were(string golden, string program, params string[] arguments)
    {
        _cli.CpuNodes.Add(new CpuNode(new Ctid(101), 1500));
        _cli.CpuNodes.Add(new CpuNode(new Ctid(102), 250_000));
        Check(golden, program, arguments);
    }

    [Fact]
    public void The_xml_of_vzcpucheck_is_xml_and_says_what_the_table_says()
    {
        _cli.CpuNodes.Add(new CpuNode(new Ctid(101), 1500));
        Assert.Equal(0, _cli.Run("vzcpucheck", "-x"));
        var root = XDocument.Parse(_cli.Output).Root!;
        Assert.Equal(["0", "101"], root.Elements("node").Select(node => node.Element("veid")!.Value));
        Assert.Equal("1500", root.Elements("node").Last().Element("cpuunits")!.Value);
        Assert.Equal(0, _cli.Run("vzcpucheck"));
        Assert.Equal($"Current CPU utilization: {root.Element("utilization")!.Value}\nPower of the node: {root.Element("power")!.Value}\n", _cli.Output);
        Assert.Equal(1, _cli.Run("vzcpucheck", "-x", "--json"));
    }

    [Fact]
    public void A_stopped_container_has_its_configuration()
    {
        _cli.Beancounters = [];
        Check("vzcalc-v-stopped", "vzcalc", ["-v", "web"]);
    }

    [Theory]
    [InlineData("vzmemcheck-v-none", "vzmemcheck", "-v")]
    [InlineData("vzoversell-none", "vzoversell")]
    public void Without_containers_and_swap_the_sums_are_0(string golden, string program, params string[] arguments)
    {
        _cli.Beancounters = [.. _cli.Beancounters.Where(account => account.Ctid.IsHost)];
        _cli.Resources = _cli.Resources with { Swap = 0 };
        Check(golden, program, arguments);
    }

    [Fact]
    public void What_is_wrong_with_a_configuration_is_told()
    {
        File.WriteAllText(_cli["201.conf"], PlanningFixture.Basic.Replace("NUMPTY=\"16\"", "NUMPTY=\"1:2\"", StringComparison.Ordinal)
            .Replace("DGRAMRCVBUF=\"262144:262144\"", "DGRAMRCVBUF=\"40000\"", StringComparison.Ordinal)
            .Replace("NUMFILE=\"9312\"", "NUMFILE=\"10\"", StringComparison.Ordinal));
        Assert.Equal(2, _cli.Run("vzcfgvalidate", _cli["201.conf"]));
        Golden.Check("tests/Insula.Cli.Tests/Planning/Golden/vzcfgvalidate.txt", _cli.Error);
        Assert.Equal("", _cli.Output);
        Assert.Equal(2, _cli.Run("vzcfgvalidate", "--json", _cli["201.conf"]));
        Golden.Check("tests/Insula.Cli.Tests/Planning/Golden/vzcfgvalidate-json.txt", _cli.Output.Replace(_cli["201.conf"], "201.conf", StringComparison.Ordinal));
    }

    private void Check(string golden, string program, string[] arguments)
    {
        Assert.Equal(0, _cli.Run(program, arguments));
        Assert.Equal("", _cli.Error);
        Golden.Check($"tests/Insula.Cli.Tests/Planning/Golden/{golden}.txt", _cli.Output);
        if (!arguments.Contains("--json"))
            Assert.All(_cli.Output.Split('\n'), line => Assert.Equal(line.TrimEnd(), line));
    }
}
