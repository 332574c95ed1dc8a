using Insula.Linux.Fuse;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Tests.Fuse;

/// <summary>A tree with one file, "text", number 2.</summary>
internal sealed class TextTree(byte[] text) : IFuseTree
{
    public int Opened { get; private set; }

    public int Released { get; private set; }

    public ulong PartyOf(ulong id) => 0;

    public Errno Lookup(ulong directory, ReadOnlySpan<byte> name, out FuseNode node)
    {
        node = File;
        return directory == FuseNode.RootId && name.SequenceEqual("text"u8) ? Errno.None : Errno.ENOENT;
    }

    public Errno GetNode(ulong id, out FuseNode node)
    {
        node = id == 2 ? File : new FuseNode(1, FuseNode.Directory | 0x16D, 0, 0, 1);
        return id is 1 or 2 ? Errno.None : Errno.ENOENT;
    }

    public Errno Open(ulong id, out ulong handle)
    {
        handle = 7;
        if (id != 2)
            return Errno.ENOENT;
        Opened++;
        return Errno.None;
    }

    public Errno Read(ulong id, ulong handle, long offset, Span<byte> buffer, out int count)
    {
        count = 0;
        if (id != 2)
            return Errno.ENOENT;
        if (offset < text.Length)
        {
            count = (int)Math.Min(buffer.Length, text.Length - offset);
            text.AsSpan((int)offset, count).CopyTo(buffer);
        }
        return Errno.None;
    }

    public void Release(ulong handle) => Released++;

    public Errno List(ulong id, long offset, ref FuseDirectoryWriter writer)
    {
        if (id != 1)
            return Errno.ENOENT;
        if (offset == 0)
            writer.TryAdd(File, "text"u8, 1);
        return Errno.None;
    }

    private FuseNode File => new(2, FuseNode.RegularFile | 0x124, 0, 0, 1) { Size = text.Length };
}
