using Insula.Engine.Templates.Extraction;
using Insula.Engine.Templates.Tar;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Tests.Templates;

public sealed class TreePackerTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();
    private readonly string _tree;
    private readonly string _copy;
    private readonly string _archive;

    public TreePackerTests()
    {
        (_tree, _copy, _archive) = (_temporary.Sub("tree"), _temporary.Sub("copy"), _temporary.Sub("tree.tar"));
        Directory.CreateDirectory(_tree);
        Directory.CreateDirectory(_copy);
        FillTree();
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void What_is_packed_is_unpacked_alike()
    {
        Pack();
        using (var archive = File.OpenRead(_archive))
            Unpack(archive);

        AssertCopyIsAlike();
    }

    [Fact]
    public void GNU_tar_unpacks_what_is_packed_alike()
    {
        Pack();
        HostTool.Run("tar", "-C", _copy, "-xpf", _archive);

        AssertCopyIsAlike();
    }

    [Theory]
    [InlineData("--format=gnu")]
    [InlineData("--format=gnu", "--sparse")]
    [InlineData("--format=pax")]
    [InlineData("--format=pax", "--sparse", "--sparse-version=0.0")]
    [InlineData("--format=pax", "--sparse", "--sparse-version=0.1")]
    [InlineData("--format=pax", "--sparse", "--sparse-version=1.0")]
    public void What_GNU_tar_packs_is_unpacked_alike(params string[] format)
    {
        HostTool.Run("tar", ["-C", _tree, .. format, "-cf", _archive, "."]);
        using (var archive = File.OpenRead(_archive))
            Unpack(archive);

        AssertCopyIsAlike(timesHaveFractions: format[0] == "--format=pax");
    }

    [Fact]
    public void Holes_are_stored_as_holes()
    {
        Pack();

        Assert.InRange(new FileInfo(_archive).Length, 1, 4 << 20);
    }

    [Fact]
    public void Equal_trees_make_equal_archives_when_the_time_is_fixed()
    {
        using var first = new MemoryStream();
        using var second = new MemoryStream();
        new TreePacker(first) { FixedTime = new FileTime(1, 0) }.Pack(_tree);
        File.SetLastWriteTimeUtc($"{_tree}/file", DateTime.UnixEpoch);
        new TreePacker(second) { FixedTime = new FileTime(1, 0) }.Pack(_tree);

        Assert.Equal(first.ToArray(), second.ToArray());
    }

    [Fact]
    public void Holes_are_restored()
    {
        Pack();
        using (var archive = File.OpenRead(_archive))
            Unpack(archive);

        FileStatus.TryGet($"{_copy}/sparse", out var status);
        Assert.InRange(status.AllocatedBytes, 1, 4 << 20);
    }

    private void FillTree()
    {
        File.WriteAllText($"{_tree}/file", "content");
        File.SetUnixFileMode($"{_tree}/file", (UnixFileMode)0x9E8);
        File.CreateSymbolicLink($"{_tree}/link", "../nowhere");
        Directory.CreateDirectory($"{_tree}/empty");
        var deep = $"{_tree}/{new string('d', 200)}/{new string('e', 200)}";
        Directory.CreateDirectory(deep);
        File.WriteAllText($"{deep}/{new string('f', 200)}", "deep");
        HostTool.Run("ln", $"{_tree}/file", $"{_tree}/name");
        HostTool.Run("mkfifo", $"{_tree}/pipe");
        using var sparse = File.Create($"{_tree}/sparse");
        // More stretches than the four of GNU's header and the 21 of its first extension block.
        for (var i = 0; i < 60; i++)
        {
            sparse.Position = (i * 100_000L) + 17;
            sparse.WriteByte((byte)(i + 1));
        }

        sparse.SetLength(8_000_001);
    }

    private void Pack()
    {
        using var output = File.Create(_archive);
        new TreePacker(output).Pack(_tree);
    }

    private void Unpack(Stream archive)
    {
        using var root = RootDirectory.Open(_copy);
        using var extractor = new Extractor(root, new ExtractionOptions { KeepOwners = false });
        extractor.Extract(archive);
    }

    private void AssertCopyIsAlike(bool timesHaveFractions = true)
    {
        // %n name, %f raw mode, %s size, %h links, %Y/%y modification time, %N link target
        var time = timesHaveFractions ? "%y" : "%Y";
        string List(string directory)
            => HostTool.Run("sh", "-c", $"cd '{directory}' && find . ! -name . | sort | xargs -d '\\n' stat -c '%n %f %s %h {time}'; readlink link; cat file name; find . -type f | sort | xargs md5sum");
        Assert.Equal(List(_tree), List(_copy));
    }
}
