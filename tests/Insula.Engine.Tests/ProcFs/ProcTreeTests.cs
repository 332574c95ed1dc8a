using System.Text;
using CsCheck;
using Insula.Engine.Containers;
using Insula.Engine.ProcFs;
using Insula.Linux.Fuse;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Tests.ProcFs;

public sealed class ProcTreeTests
{
    private readonly Views _views = new();
    private readonly ProcTree _tree;

    public ProcTreeTests() => _tree = new ProcTree(_views);

    private sealed class Views : IContainerViews
    {
        public Dictionary<int, FixedView> Running { get; } = new() { [101] = new FixedView() };

        public IContainerView? Find(Ctid ctid) => Running.GetValueOrDefault(ctid.Value);

        // 102 is being started.
        public ContainerOwner? OwnerOf(Ctid ctid) => ctid.Value is 101 or 102 ? new ContainerOwner(524288, 524288) : null;

        public IReadOnlyList<Ctid> List() => [.. Running.Keys.Order().Select(number => new Ctid(number))];
    }

    private (Errno Error, FuseNode Node) Walk(params string[] names)
    {
        var node = new FuseNode(FuseNode.RootId, FuseNode.Directory, 0, 0, 0);
        foreach (var name in names)
        {
            var error = _tree.Lookup(node.Id, Encoding.UTF8.GetBytes(name), out var next);
            if (error != Errno.None)
                return (error, default);
            node = next;
        }
        return (Errno.None, node);
    }

    private string Read(ulong id, ulong handle, long offset, int size)
    {
        var buffer = new byte[size];
        Assert.Equal(Errno.None, _tree.Read(id, handle, offset, buffer, out var count));
        return Encoding.UTF8.GetString(buffer.AsSpan(0, count));
    }

    [Theory]
    [InlineData("101", "proc", "meminfo")]
    [InlineData("101", "proc", "pressure", "io")]
    [InlineData("101", "bc", "101", "resources")]
    [InlineData("102", "proc", "stat")]
    public void Files_are_found_also_of_a_container_that_is_starting(params string[] path)
    {
        var (error, node) = Walk(path);
        Assert.Equal(Errno.None, error);
        Assert.False(node.IsDirectory);
        Assert.Equal(524288u, node.UserId);
        Assert.True(node.Size >= 4096);
        Assert.Equal(Errno.None, _tree.GetNode(node.Id, out var again));
        Assert.Equal(node, again);
    }

    [Theory]
    [InlineData("103")]
    [InlineData("0101")]
    [InlineData("-1")]
    [InlineData("101x")]
    [InlineData("101", "proc", "nothing")]
    [InlineData("101", "bc", "102")]
    [InlineData("101", "bc", "CTID")]
    public void What_is_not_there_is_not_found(params string[] path) => Assert.Equal(Errno.ENOENT, Walk(path).Error);

    [Fact]
    public void A_starting_container_can_be_looked_at_but_not_read()
        => Assert.Equal(Errno.ENOENT, _tree.Open(Walk("102", "proc", "stat").Node.Id, out _));

    [Fact]
    public void A_file_read_in_pieces_is_of_one_moment()
    {
        var node = Walk("101", "proc", "uptime").Node;
        Assert.Equal(Errno.None, _tree.Open(node.Id, out var handle));
        var first = Read(node.Id, handle, 0, 4);
        _views.Running[101].Uptime = 9_999_999;
        Thread.Sleep(30);
        Assert.Equal("123.45 246.90\n", first + Read(node.Id, handle, 4, 100));
        Assert.StartsWith("99999.99", Read(node.Id, handle, 0, 100));
        Assert.Equal("", Read(node.Id, handle, 100, 100));
        Assert.Equal("", Read(node.Id, handle, long.MaxValue, 100));
    }

    [Fact]
    public void Handles_of_another_process_are_neither_trusted_nor_freed()
    {
        var node = Walk("101", "proc", "uptime").Node;
        var other = new ProcTree(_views);
        Assert.Equal(Errno.None, other.Open(node.Id, out var foreign));
        Assert.Equal(Errno.None, _tree.Open(node.Id, out var own));
        Assert.NotEqual(own, foreign);
        var first = Read(node.Id, own, 0, 2);
        _tree.Release(foreign);
        _views.Running[101].Uptime = 9_999_999;
        Thread.Sleep(30);
        Assert.Equal("123.45 246.90\n", first + Read(node.Id, own, 2, 100));
    }

    [Fact]
    public void A_container_that_stops_is_gone()
    {
        var node = Walk("101", "proc", "uptime").Node;
        Assert.Equal(Errno.None, _tree.Open(node.Id, out var handle));
        _views.Running.Clear();
        Assert.Equal(Errno.ENOENT, _tree.Read(node.Id, handle, 0, new byte[10], out _));
        _tree.Release(handle);
        _tree.Release(handle);
    }

    [Fact]
    public void Directories_list_what_can_be_found()
    {
        foreach (var path in new[] { new[] { "101" }, ["101", "proc"], ["101", "bc"], ["101", "sys", "devices", "system", "cpu"], ["101", "vz"] })
        {
            var names = List(Walk(path).Node.Id);
            Assert.NotEmpty(names);
            Assert.Equal(names.Distinct(), names);
            Assert.All(names, name => Assert.Equal(Errno.None, Walk([.. path, name]).Error));
        }
        Assert.Equal(["101"], List(FuseNode.RootId));
    }

    [Fact]
    public void Any_number_offset_and_handle_is_answered()
        => Gen.Select(Gen.ULong, Gen.ULong, Gen.Long[0, long.MaxValue], Gen.Int[0, 5000]).Sample((id, handle, offset, size) =>
        {
            foreach (var node in new[] { id, (101UL << 16) | (id & 63), (8UL << 48) | (101UL << 16) | (id & 63) })
            {
                _tree.GetNode(node, out _);
                _tree.Lookup(node, "meminfo"u8, out _);
                if (VirtualPaths.Find((int)(node & 0xFFFF))?.File?.CoversKernelFile == true)
                    _tree.Read(node, handle, offset, new byte[size], out _);
                _tree.Release(handle);
            }
        });

    private List<string> List(ulong id)
    {
        var names = new List<string>();
        for (var offset = 0L; ;)
        {
            // Room for one or two entries at a time.
            var buffer = new byte[64];
            var writer = new FuseDirectoryWriter(buffer);
            Assert.Equal(Errno.None, _tree.List(id, offset, ref writer));
            if (writer.Length == 0)
                return names;
            for (var at = 0; at < writer.Length;)
            {
                offset = BitConverter.ToInt64(buffer, at + 8);
                var length = BitConverter.ToInt32(buffer, at + 16);
                names.Add(Encoding.UTF8.GetString(buffer, at + 24, length));
                at += (24 + length + 7) & ~7;
            }
        }
    }
}
