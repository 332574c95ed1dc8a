using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CsCheck;
using Insula.Linux.Fuse;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Fuse;

public sealed class FuseDispatcherTests
{
    private static readonly byte[] Text = [.. "one two three\n"u8];

    [Fact]
    public void A_file_is_found_opened_read_in_pieces_and_closed()
    {
        var tree = new TextTree(Text);
        var found = Ask(tree, FuseOpcode.Lookup, 1, [.. "text\0"u8]);
        Assert.Equal(Errno.None, found.Error);
        Assert.Equal(2UL, MemoryMarshal.Read<FuseEntryOut>(found.Body).NodeId);
        var opened = Ask(tree, FuseOpcode.Open, 2, Bytes(new FuseOpenIn()));
        Assert.Equal(7UL, MemoryMarshal.Read<FuseOpenOut>(opened.Body).Handle);
        Assert.Equal("one tw"u8, Ask(tree, FuseOpcode.Read, 2, Bytes(new FuseReadIn { Handle = 7, Size = 6 })).Body);
        Assert.Equal("o three\n"u8, Ask(tree, FuseOpcode.Read, 2, Bytes(new FuseReadIn { Handle = 7, Size = 100, Offset = 6 })).Body);
        Assert.Empty(Ask(tree, FuseOpcode.Read, 2, Bytes(new FuseReadIn { Handle = 7, Size = 100, Offset = 14 })).Body);
        Assert.Empty(Ask(tree, FuseOpcode.Read, 2, Bytes(new FuseReadIn { Handle = 7, Size = 100, Offset = long.MaxValue })).Body);
        Ask(tree, FuseOpcode.Release, 2, Bytes(new FuseReleaseIn { Handle = 7 }));
        Assert.Equal((1, 1), (tree.Opened, tree.Released));
    }

    [Theory]
    [InlineData(FuseOpcode.Lookup, Errno.EINVAL)]
    [InlineData(FuseOpcode.Open, Errno.EINVAL)]
    [InlineData(FuseOpcode.Read, Errno.EINVAL)]
    [InlineData(FuseOpcode.ReadDirectory, Errno.EINVAL)]
    [InlineData(FuseOpcode.Release, Errno.EINVAL)]
    [InlineData(FuseOpcode.Init, Errno.EINVAL)]
    [InlineData(FuseOpcode.Write, Errno.EACCES)]
    [InlineData(FuseOpcode.SetAttributes, Errno.EACCES)]
    [InlineData((FuseOpcode)4711, Errno.ENOSYS)]
    public void A_request_without_its_body_or_not_to_be_had_is_refused(FuseOpcode opcode, Errno error)
        => Assert.Equal(error, Ask(new TextTree(Text), opcode, 2, []).Error);

    [Theory]
    [InlineData(1)] // O_WRONLY
    [InlineData(2)] // O_RDWR
    public void Nothing_is_opened_for_writing(uint flags)
        => Assert.Equal(Errno.EACCES, Ask(new TextTree(Text), FuseOpcode.Open, 2, Bytes(new FuseOpenIn { Flags = flags })).Error);

    [Fact]
    public void A_short_read_into_the_page_cache_has_the_size_asked_for_again()
    {
        Assert.True(Ask(new TextTree(Text), FuseOpcode.Read, 2, Bytes(new FuseReadIn { Size = 4096 })).MovesSize);
        Assert.False(Ask(new TextTree(Text), FuseOpcode.Read, 2, Bytes(new FuseReadIn { Size = 4096, ReadFlags = 2 })).MovesSize);
    }

    [Fact]
    public void A_directory_is_listed_once()
    {
        var all = Ask(new TextTree(Text), FuseOpcode.ReadDirectory, 1, Bytes(new FuseReadIn { Size = 4096 })).Body;
        Assert.Equal(32, all.Length);
        Assert.Equal(4u, MemoryMarshal.Read<FuseDirectoryEntry>(all).NameLength);
        Assert.Empty(Ask(new TextTree(Text), FuseOpcode.ReadDirectory, 1, Bytes(new FuseReadIn { Size = 4096, Offset = 1 })).Body);
        Assert.Empty(Ask(new TextTree(Text), FuseOpcode.ReadDirectory, 1, Bytes(new FuseReadIn { Size = 16 })).Body);
    }

    [Fact]
    public void Any_bytes_are_answered_or_refused_and_never_overrun_the_answer()
        => Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            if (!FuseRequest.TryParse(bytes, out var request))
                return;
            CheckAnswer(request);
        });

    [Fact]
    public void Any_body_of_any_request_is_answered_or_refused()
        => Gen.Select(Gen.UInt[0, 60], Gen.ULong, Gen.Byte.Array[0, 120], Gen.UShort).Sample((opcode, node, body, extensions) =>
        {
            var bytes = Request((FuseOpcode)opcode, node, body);
            MemoryMarshal.Write(bytes.AsSpan(36), extensions);
            if (FuseRequest.TryParse(bytes, out var request))
                CheckAnswer(request);
            else
                Assert.True(extensions * 8 > body.Length);
        });

    private static void CheckAnswer(FuseRequest request)
    {
        if (request.IsOneWay)
            return;
        const int room = 5000;
        var buffer = new byte[FuseReply.HeaderSize + room + 64];
        var reply = new FuseReply(buffer.AsSpan(0, FuseReply.HeaderSize + room));
        new FuseDispatcher(new TextTree(Text)).Answer(request, ref reply);
        var header = MemoryMarshal.Read<FuseOutHeader>(reply.Bytes);
        Assert.Equal((uint)reply.Bytes.Length, header.Length);
        Assert.InRange(header.Error, -4095, 0);
        Assert.Equal(request.Unique, header.Unique);
        Assert.True(header.Error == 0 || header.Length == FuseReply.HeaderSize);
        Assert.All(buffer[^64..], spare => Assert.Equal(0, spare));
    }

    private static (Errno Error, byte[] Body, bool MovesSize) Ask(IFuseTree tree, FuseOpcode opcode, ulong node, byte[] body)
    {
        Assert.True(FuseRequest.TryParse(Request(opcode, node, body), out var request));
        var reply = new FuseReply(new byte[64 * 1024]);
        new FuseDispatcher(tree).Answer(request, ref reply);
        return ((Errno)(-MemoryMarshal.Read<FuseOutHeader>(reply.Bytes).Error), reply.Bytes[FuseReply.HeaderSize..].ToArray(), reply.MovesSize);
    }

    private static byte[] Request(FuseOpcode opcode, ulong node, byte[] body)
        => [.. Bytes(new FuseInHeader { Length = (uint)(Unsafe.SizeOf<FuseInHeader>() + body.Length), Opcode = opcode, Unique = 42, NodeId = node }), .. body];

    private static byte[] Bytes<T>(T value)
        where T : unmanaged
    {
        var bytes = new byte[Unsafe.SizeOf<T>()];
        MemoryMarshal.Write(bytes, value);
        return bytes;
    }
}
