using Insula.Linux.Syscalls;

namespace Insula.Linux.Fuse;

/// <summary>Answers requests from a tree.</summary>
/// <param name="tree">What there is.</param>
public sealed class FuseDispatcher(IFuseTree tree)
{
    /// <summary>The version of the protocol that is spoken; the kernel adapts to an older minor number.</summary>
    internal const uint Major = 7, Minor = 31;

    /// <summary>What one request may write; nothing can be written here, but the kernel insists on a page.</summary>
    internal const int MaxWrite = 4096;

    /// <summary>The largest answer to a read, in bytes; a longer read comes in parts.</summary>
    public const int MaxRead = 128 * 1024;

    // FOPEN_DIRECT_IO: nothing is cached and no size is believed. FOPEN_NOFLUSH (Linux 5.16): close(2) asks nothing.
    private const uint OpenDirectly = 1 | (1 << 5);

    // FUSE_ASYNC_READ, FUSE_PARALLEL_DIROPS, FUSE_MAX_PAGES.
    private const uint WantedFlags = (1 << 0) | (1 << 18) | (1 << 22);

    // FUSE_READ_LOCKOWNER.
    private const uint ReadsForOwner = 1 << 1;

    private const int AccessModeMask = 3;

    /// <summary>Writes the answer to <paramref name="request"/>. What the tree throws is EIO to the reader, and the caller's to report.</summary>
    public void Answer(FuseRequest request, ref FuseReply reply)
    {
        var error = Errno.EIO;
        try
        {
            error = Dispatch(request, ref reply);
        }
        finally
        {
            reply.Finish(request.Unique, error);
        }
    }

    private Errno Dispatch(FuseRequest request, ref FuseReply reply) => request.Opcode switch
    {
        FuseOpcode.Lookup => Lookup(request, ref reply),
        FuseOpcode.GetAttributes => GetAttributes(request, ref reply),
        FuseOpcode.Open => Open(request, ref reply),
        FuseOpcode.Read => Read(request, ref reply),
        FuseOpcode.Release => Release(request),
        FuseOpcode.OpenDirectory => OpenDirectory(ref reply),
        FuseOpcode.ReadDirectory => ReadDirectory(request, ref reply),
        FuseOpcode.ReleaseDirectory or FuseOpcode.Destroy => Errno.None,
        FuseOpcode.StatFs => StatFs(ref reply),
        FuseOpcode.Init => Initialize(request, ref reply),
        FuseOpcode.SetAttributes or FuseOpcode.Write => Errno.EACCES,
        // The kernel remembers and asks no more: no locks, no extended attributes, no flush, no poll.
        _ => Errno.ENOSYS,
    };

    private static Errno Initialize(FuseRequest request, ref FuseReply reply)
    {
        if (!request.TryGet<FuseInitIn>(out var offered))
            return Errno.EINVAL;
        // A kernel of a later major version starts again with ours when it reads this (fuse.h, "INIT").
        reply.Set(new FuseInitOut
        {
            Major = Major,
            Minor = Minor,
            MaxReadAhead = 0,
            Flags = offered.Flags & WantedFlags,
            MaxBackground = 64,
            CongestionThreshold = 48,
            MaxWrite = MaxWrite,
            TimeGranularity = 1,
            MaxPages = MaxRead / 4096,
        });
        return Errno.None;
    }

    private Errno Lookup(FuseRequest request, ref FuseReply reply)
    {
        if (!request.TryGetName(out var name))
            return Errno.EINVAL;
        var error = tree.Lookup(request.NodeId, name, out var node);
        if (error == Errno.None)
        {
            reply.Set(new FuseEntryOut
            {
                NodeId = node.Id,
                EntryValidSeconds = node.NameSeconds,
                AttributesValidSeconds = node.ValidSeconds,
                Attributes = AttributesOf(node),
            });
        }
        return error;
    }

    private Errno GetAttributes(FuseRequest request, ref FuseReply reply)
    {
        var error = tree.GetNode(request.NodeId, out var node);
        if (error == Errno.None)
            reply.Set(new FuseAttributesOut { ValidSeconds = node.ValidSeconds, Attributes = AttributesOf(node) });
        return error;
    }

    private static FuseAttributes AttributesOf(in FuseNode node) => new()
    {
        Inode = node.Id,
        Size = (ulong)node.Size,
        Mode = node.Mode,
        Links = node.IsDirectory ? 2u : 1u,
        UserId = node.UserId,
        GroupId = node.GroupId,
        BlockSize = 4096,
    };

    private Errno Open(FuseRequest request, ref FuseReply reply)
    {
        if (!request.TryGet<FuseOpenIn>(out var open))
            return Errno.EINVAL;
        if ((open.Flags & AccessModeMask) != (uint)OpenFlags.ReadOnly)
            return Errno.EACCES;
        var error = tree.Open(request.NodeId, out var handle);
        if (error == Errno.None)
            reply.Set(new FuseOpenOut { Handle = handle, OpenFlags = OpenDirectly });
        return error;
    }

    private Errno Read(FuseRequest request, ref FuseReply reply)
    {
        if (!request.TryGet<FuseReadIn>(out var read) || read.Offset > long.MaxValue)
            return Errno.EINVAL;
        var room = reply.Body[..(int)Math.Min(read.Size, (uint)Math.Min(MaxRead, reply.Body.Length))];
        var error = tree.Read(request.NodeId, read.Handle, (long)read.Offset, room, out var count);
        reply.SetLength(count);
        // A read into the page cache, for sendfile(2), names no lock owner. When it is short the kernel takes its end for the file's new size.
        reply.MovesSize = (read.ReadFlags & ReadsForOwner) == 0 && error == Errno.None;
        return error;
    }

    private Errno Release(FuseRequest request)
    {
        if (!request.TryGet<FuseReleaseIn>(out var release))
            return Errno.EINVAL;
        tree.Release(release.Handle);
        return Errno.None;
    }

    private static Errno OpenDirectory(ref FuseReply reply)
    {
        reply.Set(default(FuseOpenOut));
        return Errno.None;
    }

    private Errno ReadDirectory(FuseRequest request, ref FuseReply reply)
    {
        if (!request.TryGet<FuseReadIn>(out var read) || read.Offset > long.MaxValue)
            return Errno.EINVAL;
        var writer = new FuseDirectoryWriter(reply.Body[..(int)Math.Min(read.Size, (uint)Math.Min(MaxRead, reply.Body.Length))]);
        var error = tree.List(request.NodeId, (long)read.Offset, ref writer);
        reply.SetLength(writer.Length);
        return error;
    }

    private static Errno StatFs(ref FuseReply reply)
    {
        reply.Set(new FuseFileSystemStatus { BlockSize = 4096, FragmentSize = 4096, NameLength = 255 });
        return Errno.None;
    }
}
