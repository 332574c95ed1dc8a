using Insula.Engine.Host;
using Insula.Linux.Cgroups;

namespace Insula.Engine.Tests.Host;

public class CgroupHomeTests
{
    [Theory]
    [InlineData("", CgroupWorldKind.V2, true, "insula.slice/insula-containers.service")]
    [InlineData("", CgroupWorldKind.V2, false, "insula")]
    [InlineData("", CgroupWorldKind.Hybrid, true, "insula")]
    [InlineData("", CgroupWorldKind.V1, true, "insula")]
    [InlineData("mine", CgroupWorldKind.V2, true, "mine")]
    [InlineData("my.slice/my.service", CgroupWorldKind.Hybrid, false, "my.slice/my.service")]
    public void The_tree_is_in_a_unit_where_systemd_owns_the_hierarchy(string configured, CgroupWorldKind kind, bool systemd, string expected)
        => Assert.Equal(expected, CgroupHome.Choose(configured, kind, systemd));
}
