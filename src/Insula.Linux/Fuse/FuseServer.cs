using Insula.Linux.Syscalls;

namespace Insula.Linux.Fuse;

/// <summary>Threads that read requests from a connection, each into a slot of its own, and answer them.</summary>
/// <param name="connection">An open /dev/fuse with a mounted file system.</param>
/// <param name="slots">One for each thread; may hold what a server before this one has not answered.</param>
/// <param name="tree">What is served.</param>
/// <param name="failed">Told of errors that readers saw as EIO; called on the thread that had it.</param>
public sealed unsafe class FuseServer(FileDescriptor connection, SharedSlots slots, IFuseTree tree, Action<Exception> failed)
{
    private readonly FuseDispatcher _dispatcher = new(tree);

    /// <summary>Answers what an earlier server left, then serves until the file system is unmounted everywhere. Blocks.</summary>
    public void Run()
    {
        var threads = new Thread[slots.Count];
        for (var i = 0; i < threads.Length; i++)
        {
            var slot = i;
            threads[i] = new Thread(() => Serve(slot), maxStackSize: 256 * 1024) { Name = $"fuse {slot}", IsBackground = true };
            threads[i].Start();
        }
        foreach (var thread in threads)
            thread.Join();
    }

    private void Serve(int slot)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(FuseReply.HeaderSize + FuseDispatcher.MaxRead, pinned: true);
        if (slots.IsUsed(slot))
            AnswerSlot(slot, buffer);
        while (TakeRequest(slot))
            AnswerSlot(slot, buffer);
    }

    /// <summary>Waits for a request. False when the file system is gone.</summary>
    private bool TakeRequest(int slot)
    {
        while (true)
        {
            slots.Clear(slot);
            long length;
            fixed (byte* start = slots[slot])
                length = Kernel.CallOnce(Syscall.Read, connection.Number, (nint)start, SharedSlots.SlotSize);
            switch (Kernel.ErrnoOf(length))
            {
                case Errno.None:
                    return true;
                case Errno.ENODEV:
                    return false;
                case Errno.EINTR or Errno.EAGAIN or Errno.ENOENT:
                    // ENOENT: the request was interrupted while it was handed over.
                    continue;
                default:
                    throw new LinuxException("read a request from", "/dev/fuse", Kernel.ErrnoOf(length));
            }
        }
    }

    private void AnswerSlot(int slot, byte[] buffer)
    {
        if (!FuseRequest.TryParse(slots[slot], out var request))
        {
            failed(new LinuxException("understand a request of", "/dev/fuse", Errno.EPROTO));
            return;
        }
        if (request.IsOneWay)
            return;
        var reply = new FuseReply(buffer);
        try
        {
            _dispatcher.Answer(request, ref reply);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            failed(error);
        }
        var node = request.NodeId;
        Send(reply.Bytes);
        if (reply.MovesSize)
            ForgetSize(node);
    }

    private void ForgetSize(ulong node)
    {
        const int FUSE_NOTIFY_INVAL_INODE = 2;
        Span<byte> buffer = stackalloc byte[FuseReply.HeaderSize + sizeof(FuseForgetInode)];
        var notice = new FuseReply(buffer);
        notice.Set(new FuseForgetInode { Inode = node, Offset = -1 });
        notice.FinishNotice(FUSE_NOTIFY_INVAL_INODE);
        Send(notice.Bytes);
    }

    private void Send(ReadOnlySpan<byte> reply)
    {
        long result;
        fixed (byte* start = reply)
            result = Kernel.Call(Syscall.Write, connection.Number, (nint)start, reply.Length);
        // ENOENT: the reader was interrupted and waits no more, or a server before us had answered. ENODEV: unmounted.
        if (Kernel.ErrnoOf(result) is not (Errno.None or Errno.ENOENT or Errno.ENODEV))
            failed(new LinuxException("answer a request of", "/dev/fuse", Kernel.ErrnoOf(result)));
    }
}
