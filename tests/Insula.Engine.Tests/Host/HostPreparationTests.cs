using Insula.Engine.Host;

namespace Insula.Engine.Tests.Host;

public sealed class HostPreparationTests : IDisposable
{
    private readonly string _base = Directory.CreateTempSubdirectory("insula-prepare-").FullName;

    public void Dispose() => Directory.Delete(_base, recursive: true);

    internal static HostLayout LayoutIn(string directory) => new(
        $"{directory}/etc/vz", $"{directory}/vz/lock", $"{directory}/vz/template", $"{directory}/vz/root/$VEID", $"{directory}/vz/private/$VEID",
        $"{directory}/run/insula", "insula", $"{directory}/log");

    private IReadOnlyList<string> Prepare(params string[] forwarding) => new HostPreparation(LayoutIn(_base), () => forwarding).Prepare();

    private string Mode(string path) => HostDirectory.Octal(File.GetUnixFileMode(Path.Combine(_base, path)));

    [Fact]
    public void Directories_are_made_with_the_modes_that_keep_users_of_the_host_out()
    {
        var changes = Prepare("net.ipv4.ip_forward = 1 (was 0)");
        Assert.Equal("0700", Mode("vz/private"));
        Assert.Equal("0700", Mode("vz/template/layers"));
        Assert.Equal("0700", Mode("vz/dump"));
        Assert.Equal("0711", Mode("run/insula"));
        foreach (var path in new[] { "etc/vz", "etc/vz/conf", "etc/vz/names", "vz", "vz/root", "vz/template", "vz/template/cache", "vz/lock" })
            Assert.Equal("0755", Mode(path));
        Assert.Equal(13, changes.Count);
        Assert.Contains($"created {_base}/vz/private with mode 0700", changes);
        Assert.Equal("net.ipv4.ip_forward = 1 (was 0)", changes[^1]);
    }

    [Fact]
    public void Preparing_twice_changes_nothing_the_second_time()
    {
        Prepare();
        Assert.Empty(Prepare());
    }

    [Fact]
    public void A_directory_that_is_too_open_is_closed_and_one_that_is_closed_further_stays()
    {
        Prepare();
        File.SetUnixFileMode(Path.Combine(_base, "vz/private"), (UnixFileMode)0x1FF);
        File.SetUnixFileMode(Path.Combine(_base, "etc/vz/conf"), (UnixFileMode)0x1C0);
        Assert.Equal([$"changed the mode of {_base}/vz/private from 0777 to 0700"], Prepare());
        Assert.Equal("0700", Mode("etc/vz/conf"));
    }

    [Fact]
    public void A_directory_of_another_user_becomes_roots()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root to give a directory away");
        Prepare();
        using (var parent = Linux.Syscalls.Files.Open($"{_base}/vz", Linux.Syscalls.OpenFlags.Path))
            Linux.Syscalls.Kernel.ChangeOwner(parent, "private", 12345, 12345, 0, "private");
        Assert.Equal([$"gave {_base}/vz/private to root (it was user 12345's)"], Prepare());
        Assert.Empty(Prepare());
    }

    [Fact]
    public void A_file_in_the_place_of_a_directory_is_told_of()
    {
        Directory.CreateDirectory(Path.Combine(_base, "vz"));
        File.WriteAllText(Path.Combine(_base, "vz/private"), "");
        var error = Assert.Throws<InsulaException>(() => Prepare());
        Assert.Equal(ExitCode.CreateDirectory, error.Code);
        Assert.Contains($"{_base}/vz/private", error.Message);
    }

    [Fact]
    public void A_link_to_another_disk_is_followed()
    {
        Directory.CreateDirectory(Path.Combine(_base, "disk"));
        File.CreateSymbolicLink(Path.Combine(_base, "vz"), Path.Combine(_base, "disk"));
        Prepare();
        Assert.True(Directory.Exists(Path.Combine(_base, "disk/private")));
        Assert.Empty(Prepare());
    }
}
