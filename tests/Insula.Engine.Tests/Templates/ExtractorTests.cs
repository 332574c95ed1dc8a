using System.Text;
using Insula.Engine.Templates;
using Insula.Engine.Templates.Extraction;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Tests.Templates;

/// <summary>Unpacking as an ordinary user; owners and capabilities are tested with root in Insula.System.Tests.</summary>
public sealed class ExtractorTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly string _root;

    public ExtractorTests()
    {
        _root = _temporary.Sub("root");
        Directory.CreateDirectory(_root);
        File.WriteAllText(_temporary.Sub("outside"), "untouched");
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void Files_directories_and_links_are_unpacked_with_their_modes_and_times()
    {
        Unpack(new RawTar().Directory("./").Directory("./bin", "0001777").File("./bin/su", "content", "0004755").Symlink("./lib", "/usr/lib")
            .HardLink("./bin/sudo", "./bin/su").Entry('6', "./pipe"));

        Assert.Equal("content", File.ReadAllText($"{_root}/bin/su"));
        Assert.Equal((UnixFileMode)0x9ED, File.GetUnixFileMode($"{_root}/bin/su"));
        Assert.Equal((UnixFileMode)0x3FF, File.GetUnixFileMode($"{_root}/bin"));
        Assert.Equal(new DateTime(2023, 11, 14, 22, 13, 20, DateTimeKind.Utc).Year, File.GetLastWriteTimeUtc($"{_root}/bin/su").Year);
        Assert.Equal("/usr/lib", new FileInfo($"{_root}/lib").LinkTarget);
        File.AppendAllText($"{_root}/bin/su", "+");
        Assert.Equal("content+", File.ReadAllText($"{_root}/bin/sudo"));
        Assert.True(File.Exists($"{_root}/pipe"));
    }

    [Fact]
    public void A_directorys_time_is_its_own_and_not_that_of_the_last_file_made_in_it()
    {
        Unpack(new RawTar().Directory("d", "0000555").File("d/f"));

        Assert.Equal(File.GetLastWriteTimeUtc($"{_root}/d/f"), Directory.GetLastWriteTimeUtc($"{_root}/d"));
        Assert.Equal((UnixFileMode)0x16D, File.GetUnixFileMode($"{_root}/d"));
        File.SetUnixFileMode($"{_root}/d", (UnixFileMode)0x1ED);
    }

    [Fact]
    public void Directories_that_the_archive_does_not_list_are_made()
    {
        Unpack(new RawTar().File("a/b/c"));

        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode($"{_root}/a/b"));
    }

    [Fact]
    public void A_name_in_front_of_which_stands_a_slash_stays_inside()
    {
        Unpack(new RawTar().File("/etc/x", "inside"));

        Assert.Equal("inside", File.ReadAllText($"{_root}/etc/x"));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("..")]
    [InlineData("a/..")]
    public void A_name_that_leads_upwards_is_refused(string name)
    {
        var error = Refused(new RawTar().File(name, "overwritten"));

        Assert.Contains("leads upwards", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"..\outside")]
    [InlineData(@"C:\x")]
    [InlineData("*?`$(id)")]
    [InlineData("new\nline")]
    [InlineData("-rf")]
    public void Odd_names_are_just_names(string name)
    {
        Unpack(new RawTar().File(name, "odd"));

        Assert.Equal("odd", File.ReadAllText(Path.Combine(_root, name)));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("..")]
    [InlineData("/etc")]
    public void An_entry_is_not_led_outside_by_a_symbolic_link_of_an_earlier_one(string target)
    {
        var error = Refused(new RawTar().Symlink("a", target).File("a/outside", "overwritten"));

        Assert.Contains("\"a/outside\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("not a directory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_turns_into_a_symbolic_link_leads_nowhere()
    {
        Refused(new RawTar().Directory("a").Symlink("a", "..").File("a/outside", "overwritten"));

        Assert.Equal("..", new FileInfo($"{_root}/a").LinkTarget);
    }

    [Fact]
    public void A_symbolic_link_that_turns_into_a_directory_is_replaced()
    {
        Unpack(new RawTar().Symlink("a", "..").Directory("a").File("a/outside", "inside"));

        Assert.Equal("inside", File.ReadAllText($"{_root}/a/outside"));
        Assert.Null(new FileInfo($"{_root}/a").LinkTarget);
    }

    [Fact]
    public void A_file_is_not_written_through_a_symbolic_link_in_its_place()
    {
        Unpack(new RawTar().Symlink("a", "../outside").File("a", "inside"));

        Assert.Equal("inside", File.ReadAllText($"{_root}/a"));
    }

    [Fact]
    public void A_directory_that_is_not_empty_is_not_replaced()
        => Assert.Contains("not empty", Refused(new RawTar().File("a/b").Symlink("a", "x")).Message, StringComparison.Ordinal);

    [Fact]
    public void Of_two_entries_for_a_path_the_last_counts_and_hard_links_to_the_first_keep_it()
    {
        Unpack(new RawTar().File("a", "first").HardLink("b", "a").File("a", "second"));

        Assert.Equal("second", File.ReadAllText($"{_root}/a"));
        Assert.Equal("first", File.ReadAllText($"{_root}/b"));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("link/outside")]
    [InlineData("missing")]
    [InlineData("directory")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("victim")]
    public void A_hard_link_to_what_is_not_a_file_of_the_archive_is_refused(string target)
        => Refused(new RawTar().Directory("directory").Symlink("link", "..").HardLink("victim", target));

    [Fact]
    public void A_hard_link_to_a_symbolic_link_links_the_link()
    {
        Unpack(new RawTar().Symlink("a", "../outside").HardLink("b", "a"));

        Assert.Equal("../outside", new FileInfo($"{_root}/b").LinkTarget);
    }

    [Fact]
    public void A_name_with_a_NUL_is_refused()
        => Refused(new RawTar().Pax(("path", "a\0b")).File("ignored"));

    [Fact]
    public void A_path_of_64_kB_is_refused() => Refused(new RawTar().LongName(string.Join('/', Enumerable.Repeat("abcdefg", 8192))).File("short"));

    [Fact]
    public void A_name_of_more_than_255_bytes_is_refused() => Refused(new RawTar().Pax(("path", new string('a', 256))).File("short"));

    [Fact]
    public void Nesting_is_limited() => Refused(new RawTar().Pax(("path", string.Join('/', Enumerable.Repeat("d", 200)))).File("short"));

    [Fact]
    public void A_name_that_is_not_UTF8_stays_as_it_is()
    {
        Unpack(new RawTar().File("lat\u00e9n"));

        using var directory = Files.Open(_root, OpenFlags.ReadOnly | OpenFlags.Directory);
        var names = Insula.Linux.FileTrees.DirectoryReader.ReadNames(directory, _root);
        Assert.Equal(RawTar.Bytes("lat\u00e9n"), Assert.Single(names));
        Insula.Linux.FileTrees.TreeRemover.Remove(_root);
    }

    [Fact]
    public void Device_nodes_are_left_out_and_counted()
    {
        var summary = Unpack(new RawTar().Entry('3', "dev/null").Entry('4', "dev/sda").HardLink("dev/zero", "dev/null").File("f"));

        Assert.Equal(3, summary.SkippedDevices);
        Assert.False(File.Exists($"{_root}/dev/null"));
    }

    [Fact]
    public void Owners_beyond_a_containers_range_become_nobody_and_are_counted()
        => Assert.Equal(1, Unpack(new RawTar().Entry('0', "f", owner: "0200000").Entry('0', "g", owner: "0177777")).RemappedOwners);

    [Theory]
    [InlineData("trusted.overlay.opaque")]
    [InlineData("security.selinux")]
    [InlineData("system.nfs4_acl")]
    [InlineData("user.")]
    public void Other_extended_attributes_are_left_out_and_counted(string name)
        => Assert.Equal(1, Unpack(new RawTar().Pax(("SCHILY.xattr." + name, "y")).File("f")).SkippedAttributes);

    [Fact]
    public void The_number_of_entries_is_limited()
        => Refused(new RawTar().File("a").File("b").File("c"), new ExtractionLimits { MaxEntries = 2 });

    [Fact]
    public void The_total_size_is_limited_before_anything_of_the_file_is_written()
    {
        Refused(new RawTar().File("a", new string('x', 600)).File("b", new string('x', 600)), new ExtractionLimits { MaxBytes = 1000 });

        Assert.Equal(0, new FileInfo($"{_root}/b").Length);
    }

    [Fact]
    public void A_huge_declared_size_is_refused()
        => Refused(new RawTar().Entry('0', "f", size: "77777777777"));

    [Fact]
    public void A_full_disk_is_noticed_while_writing_and_the_reserve_is_kept()
    {
        var error = Assert.Throws<InsulaException>(() => Unpack(new RawTar().File("a", "data"), freeSpace: () => 1 << 20));

        Assert.Equal(ExitCode.NoDiskSpace, error.Code);
    }

    [Fact]
    public void Zeros_become_a_hole()
    {
        var content = new string('\0', 1 << 20) + "end";
        Unpack(new RawTar().File("sparse", content));

        Assert.Equal(content, Encoding.Latin1.GetString(File.ReadAllBytes($"{_root}/sparse")));
        Insula.Linux.FileTrees.FileStatus.TryGet($"{_root}/sparse", out var status);
        Assert.InRange(status.AllocatedBytes, 1, 128 << 10);
    }

    [Fact]
    public void A_file_of_nothing_but_zeros_has_its_size()
    {
        Unpack(new RawTar().File("zeros", new string('\0', 5000)));

        Assert.Equal(5000, new FileInfo($"{_root}/zeros").Length);
    }

    [Fact]
    public void The_name_of_a_hostile_entry_is_shown_without_its_control_characters()
        => Assert.DoesNotContain('\u001b', Refused(new RawTar().File("\u001b[2J/../x")).Message);

    private ExtractionSummary Unpack(RawTar archive, ExtractionLimits? limits = null, Func<long>? freeSpace = null)
    {
        using var root = RootDirectory.Open(_root);
        using var extractor = new Extractor(root, new ExtractionOptions { KeepOwners = false, Limits = limits ?? new(), FreeSpace = freeSpace });
        return extractor.Extract(new MemoryStream(archive.Finished()));
    }

    private ArchiveException Refused(RawTar archive, ExtractionLimits? limits = null)
    {
        var error = Assert.Throws<ArchiveException>(() => Unpack(archive, limits));
        Assert.Equal(ExitCode.BadTemplate, error.Code);
        Assert.Equal("untouched", File.ReadAllText(_temporary.Sub("outside")));
        Assert.Equal(["outside", "root"], Directory.GetFileSystemEntries(_temporary.Path).Select(Path.GetFileName).Order());
        return error;
    }
}
