using Insula.Linux.Mounts;

namespace Insula.Linux.Tests.Mounts;

public class MountTableTests
{
    private const string Sample = """
        22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard
        36 22 0:30 / /vz/root/101 rw,relatime shared:2 master:3 - overlay insula:101 rw,lowerdir=/a,upperdir=/b
        37 36 0:31 / /vz/root/101/with\040blank\134 rw - tmpfs none rw
        38 22 0:32 / /vz/root/1010 rw - tmpfs none rw
        rubbish
        """;

    [Fact]
    public void Lines_are_parsed_with_any_number_of_optional_fields()
    {
        var entries = MountTable.Parse(Sample);
        Assert.Equal(4, entries.Count);
        Assert.Equal(new MountEntry(36, 22, "/", "/vz/root/101", "overlay", "insula:101", "rw,lowerdir=/a,upperdir=/b") { Device = "0:30" }, entries[1]);
        Assert.Equal("/vz/root/101/with blank\\", entries[2].MountPoint);
    }

    [Theory]
    [InlineData("/", true)]
    [InlineData("/proc", true)]
    [InlineData("/proc/self", false)]
    [InlineData("/usr/bin", false)]
    [InlineData("/no/such/place", false)]
    [InlineData("/etc/passwd/below", false)]
    public void The_kernel_tells_where_something_is_mounted(string path, bool isMountPoint)
        => Assert.Equal(isMountPoint, MountTable.IsMountPoint(path));

    [Fact]
    public void The_own_mounts_are_read_whole()
        => Assert.Equal(File.ReadAllLines("/proc/self/mountinfo").Length, MountTable.ReadOwn().Count);

    [Fact]
    public void Mounts_below_a_path_come_last_made_first_and_do_not_include_a_name_that_only_starts_alike()
        => Assert.Equal([37, 36], MountTable.AtOrBelow(MountTable.Parse(Sample), "/vz/root/101").Select(entry => entry.Id));
}
