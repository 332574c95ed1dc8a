using System.Text;
using Insula.Engine.Distributions;
using Insula.Engine.Network;
using Insula.Engine.Tests.House;
using Insula.Linux.Netlink;

namespace Insula.Engine.Tests.Distributions;

/// <summary>
/// Trees/NAME.tree holds the files of a distribution that matter here, as it ships them; Trees/NAME.golden what a configurator makes of them.
/// INSULA_WRITE_GOLDEN=1 renews the latter.
/// </summary>
public class DistributionTreeTests
{
    private static readonly string s_directory = Path.Combine(Repository.Root, "tests/Insula.Engine.Tests/Distributions/Trees");

    public static TheoryData<string> Names
        => [.. Directory.GetFiles(s_directory, "*.tree").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    private static readonly InterfaceSettings[] s_interfaces =
    [
        InterfaceSettings.Venet(ContainerTree.Addresses("10.0.0.5", "10.1.0.5/24", "2001:db8::5")),
        new InterfaceSettings
        {
            Name = "eth0",
            Addresses = ContainerTree.Addresses("192.0.2.5/24", "2001:db8:1::5/64"),
            Gateway4 = IpAddress.Parse("198.51.100.1"),
            Gateway6 = IpAddress.Parse("fe80::1"),
        },
        new InterfaceSettings { Name = "eth1", Dhcp4 = true, Auto6 = true },
        new InterfaceSettings { Name = "eth2", Dhcp6 = true },
        new InterfaceSettings { Name = "eth3" },
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_distribution_is_configured_as_it_wants_it_twice_the_same_and_all_of_it_can_be_taken_out(string name)
    {
        using var tree = TreeFile.Read(Path.Combine(s_directory, $"{name}.tree"));
        var fresh = TreeFile.Contents(tree);
        var configurator = tree.Configurator;
        configurator.SetInterfaces(s_interfaces[..1]);
        var alone = TreeFile.Difference(fresh, TreeFile.Contents(tree));
        configurator.SetInterfaces(s_interfaces);
        var withNetwork = TreeFile.Contents(tree);
        Assert.True(configurator.SetHostName("web.example.com", s_interfaces[0].Addresses));
        Assert.True(configurator.SetDns([IpAddress.Parse("192.0.2.53"), IpAddress.Parse("2001:db8::53")], ["example.com", "example.org"]));
        AssertGolden(
            name,
            $"-- venet0 alone: {string.Join(' ', configurator.NetworkServices)}\n{alone}-- all of it\n{TreeFile.Difference(fresh, TreeFile.Contents(tree))}");

        var before = tree.Snapshot();
        Assert.False(configurator.SetInterfaces(s_interfaces));
        Assert.False(configurator.SetHostName("web.example.com", s_interfaces[0].Addresses));
        Assert.False(configurator.SetDns([IpAddress.Parse("192.0.2.53"), IpAddress.Parse("2001:db8::53")], ["example.com", "example.org"]));
        Assert.Equal(before, tree.Snapshot());

        // Of the network's files nothing of ours is left, and nothing of the owner's is missing.
        var full = TreeFile.Contents(tree);
        configurator.SetInterfaces([]);
        var after = TreeFile.Contents(tree);
        foreach (var path in full.Keys.Union(fresh.Keys).Where(path => Differ(withNetwork, fresh, path) || Differ(after, full, path)))
            Assert.Equal((path, fresh.GetValueOrDefault(path)), (path, after.GetValueOrDefault(path)));
    }

    private static bool Differ(SortedDictionary<string, string> one, SortedDictionary<string, string> other, string path)
        => one.GetValueOrDefault(path) != other.GetValueOrDefault(path);

    private static void AssertGolden(string name, string text)
    {
        var path = Path.Combine(s_directory, $"{name}.golden");
        if (Environment.GetEnvironmentVariable("INSULA_WRITE_GOLDEN") == "1")
            File.WriteAllText(path, text, Encoding.Latin1);
        Assert.Equal(File.ReadAllText(path, Encoding.Latin1), text);
    }
}
