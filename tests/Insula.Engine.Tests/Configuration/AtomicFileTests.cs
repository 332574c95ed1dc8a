using System.Text;
using Insula.Engine.Configuration;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Tests.Configuration;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_new_file_is_readable_by_all_and_nothing_is_left_beside_it()
    {
        AtomicFile.Replace(_directory["101.conf"], "A=1\n"u8.ToArray());
        Assert.Equal("A=1\n", File.ReadAllText(_directory["101.conf"]));
        Assert.Equal("-rw-r--r--", Mode("101.conf"));
        Assert.Equal(["101.conf"], Names());
    }

    [Fact]
    public void The_mode_of_a_file_that_is_there_is_kept()
    {
        var path = _directory.Write("101.conf", "old");
        SetMode(path, 0x180); // 0600
        AtomicFile.Replace(path, "new"u8.ToArray());
        Assert.Equal("-rw-------", Mode("101.conf"));
    }

    [Fact]
    public void A_symbolic_link_stays_one_and_what_it_leads_to_is_replaced()
    {
        _directory.Write("real/ve.conf", "old");
        File.CreateSymbolicLink(_directory["101.conf"], "real/ve.conf");
        AtomicFile.Replace(_directory["101.conf"], "new"u8.ToArray());
        Assert.Equal("new", File.ReadAllText(_directory["real/ve.conf"]));
        Assert.Equal("real/ve.conf", new FileInfo(_directory["101.conf"]).LinkTarget);
    }

    [Fact]
    public void A_write_that_fails_half_way_leaves_the_old_file_and_no_other()
    {
        var path = _directory.Write("101.conf", "old");
        var error = Expect.Error(ExitCode.SaveConfig, () => AtomicFile.Replace(path, (file, name) =>
        {
            Files.WriteAll(file, "ne"u8, name);
            throw new LinuxException("write", name, Errno.ENOSPC);
        }));
        Assert.Contains("disk space", error.Hint, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["101.conf"], Names());
    }

    [Fact]
    public void What_a_killed_command_left_half_written_is_in_nobodys_way()
    {
        var path = _directory.Write("101.conf", "old");
        _directory.Write("101.conf.tmp", "half a li");
        AtomicFile.Replace(path, "new"u8.ToArray());
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal(["101.conf"], Names());
    }

    [Fact]
    public void A_link_in_the_place_of_the_temporary_file_is_not_followed()
    {
        var path = _directory.Write("101.conf", "old");
        var victim = _directory.Write("victim", "precious");
        File.CreateSymbolicLink(path + ".tmp", victim);
        Expect.Error(ExitCode.SaveConfig, () => AtomicFile.Replace(path, "new"u8.ToArray()));
        Assert.Equal("precious", File.ReadAllText(victim));
        Assert.Equal("old", File.ReadAllText(path));
    }

    [Fact]
    public void A_directory_that_is_not_there_is_an_error_that_names_the_file()
    {
        var error = Expect.Error(ExitCode.SaveConfig, () => AtomicFile.Replace(_directory["none/101.conf"], Encoding.UTF8.GetBytes("x")));
        Assert.Contains("none/101.conf", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ring_of_links_is_an_error()
    {
        File.CreateSymbolicLink(_directory["a"], "b");
        File.CreateSymbolicLink(_directory["b"], "a");
        Expect.Error(ExitCode.SaveConfig, () => AtomicFile.Replace(_directory["a"], "x"u8.ToArray()));
    }

    private string[] Names() => [.. Directory.EnumerateFileSystemEntries(_directory.Path).Select(path => Path.GetFileName(path)).Order()];

    private string Mode(string name)
    {
        var mode = OperatingSystem.IsLinux() ? (int)File.GetUnixFileMode(_directory[name]) : 0;
        return "-" + string.Concat("rwxrwxrwx".Select((letter, i) => (mode >> (8 - i) & 1) == 1 ? letter : '-'));
    }

    private static void SetMode(string path, int mode)
    {
        if (OperatingSystem.IsLinux())
            File.SetUnixFileMode(path, (UnixFileMode)mode);
    }
}
