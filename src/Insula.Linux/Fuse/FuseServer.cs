using System.Diagnostics;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Fuse;

/// <summary>
/// Threads that answer the requests of one connection. The kernel hands them out in the order in which they came, so that a thousand of one reader
/// would be before one of another. Therefore a thread first takes all there are, which costs little, and then answers one of whoever's turn it is.
/// </summary>
/// <param name="connection">An open /dev/fuse with a mounted file system.</param>
/// <param name="slots">Where requests are; may hold what a server before this one has not answered.</param>
/// <param name="tree">What is served.</param>
/// <param name="failed">Told of errors that readers saw as EIO; called on the thread that had it.</param>
public sealed unsafe class FuseServer(FileDescriptor connection, SharedSlots slots, IFuseTree tree, Action<Exception> failed) : IDisposable
{
    // 10 ms: some hundred reads.
    private static readonly long Credit = Stopwatch.Frequency / 100;

    // While some wait, what has come since is looked for so often: each look is a system call.
    private static readonly long LooksEvery = Stopwatch.Frequency / 50_000; // 20 us

    // With one processor whoever is waited for could not run.
    private static readonly long Patience = Environment.ProcessorCount > 1 ? Stopwatch.Frequency / 20_000 : 0; // 50 us

    private readonly FuseDispatcher _dispatcher = new(tree);
    private readonly FairQueue _queue = new(SharedSlots.Threads / 2, Credit);
    private readonly Lock _queueLock = new();
    private readonly RequestSignal _signal = new(connection);
    private int _idle, _awake;
    private volatile bool _gone;

    /// <summary>Answers what an earlier server left, then serves until the file system is unmounted everywhere. Blocks.</summary>
    public void Run()
    {
        SetNonBlocking();
        lock (_queueLock)
        {
            foreach (var slot in slots.FindWaiting())
                Enqueue(slot);
        }
        var threads = new Thread[SharedSlots.Threads];
        for (var i = 0; i < threads.Length; i++)
            threads[i] = Start(i);
        foreach (var thread in threads)
            thread.Join();
    }

    // clone(2) fails for a moment where the host is short of processes or memory: that is no reason for every container to lose its files.
    private Thread Start(int number)
    {
        const int attempts = 200;
        for (var attempt = 1; ; attempt++)
        {
            var thread = new Thread(() => Serve(number), maxStackSize: 256 * 1024) { Name = $"fuse {number}", IsBackground = true };
            try
            {
                thread.Start();
                return thread;
            }
            catch (OutOfMemoryException) when (attempt < attempts)
            {
                Thread.Sleep(10);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _signal.Dispose();

    // Of the open file, which all processes of the daemon share.
    private void SetNonBlocking()
    {
        const int F_GETFL = 3, F_SETFL = 4, O_NONBLOCK = 0x800;
        var flags = Kernel.Check(Kernel.Call(Syscall.FCntl, connection.Number, F_GETFL), "look at", "/dev/fuse");
        Kernel.Check(Kernel.Call(Syscall.FCntl, connection.Number, F_SETFL, (nint)(flags | O_NONBLOCK)), "set up", "/dev/fuse");
    }

    private void Serve(int thread)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(FuseReply.HeaderSize + FuseDispatcher.MaxRead, pinned: true);
        slots.SetAnswered(thread, 0);
        if (slots.IsUsed(thread))
            KeepOrAnswer(thread, buffer);
        var (lookAt, worked) = (0L, false);
        while (true)
        {
            if (Stopwatch.GetTimestamp() >= lookAt)
            {
                while (TryRead(thread))
                    KeepOrAnswer(thread, buffer);
                lookAt = Stopwatch.GetTimestamp() + LooksEvery;
            }
            if (!TryTake(willWait: false, out var slot, out var party))
            {
                if (TryReadSoon(thread, worked ? Patience : 0))
                {
                    KeepOrAnswer(thread, buffer);
                    continue;
                }
                if (!TryTake(willWait: true, out slot, out party))
                {
                    if (_gone)
                        break;
                    Wait();
                    (lookAt, worked) = (0, false);
                    continue;
                }
            }
            AnswerWaiting(thread, slot, party, buffer);
            worked = true;
        }
        _signal.WakeOne();
    }

    /// <summary>Reads one request into the thread's slot. False when there is none, or the file system is gone.</summary>
    private bool TryRead(int thread)
    {
        while (!_gone)
        {
            slots.Clear(thread);
            long length;
            fixed (byte* start = slots[thread])
                length = Kernel.CallOnce(Syscall.Read, connection.Number, (nint)start, SharedSlots.SlotSize);
            switch (Kernel.ErrnoOf(length))
            {
                case Errno.None:
                    return true;
                case Errno.EAGAIN:
                    return false;
                case Errno.ENODEV:
                    _gone = true;
                    return false;
                case Errno.EINTR or Errno.ENOENT:
                    // ENOENT: the request was interrupted while it was handed over.
                    continue;
                default:
                    throw new LinuxException("read a request from", "/dev/fuse", Kernel.ErrnoOf(length));
            }
        }
        return false;
    }

    /// <summary>
    /// Reads one request, which may be there only in a moment: a reader's next one comes sooner than a thread that sleeps can be woken. One thread at a time waits
    /// so, awake.
    /// </summary>
    private bool TryReadSoon(int thread, long patience)
    {
        if (patience == 0 || Interlocked.Exchange(ref _awake, 1) != 0)
            return TryRead(thread);
        var end = Stopwatch.GetTimestamp() + patience;
        bool found;
        do
            found = TryRead(thread);
        while (!found && !_gone && Stopwatch.GetTimestamp() < end);
        Volatile.Write(ref _awake, 0);
        return found;
    }

    // From the thread's slot to those that wait; what finds no room is answered at once.
    private void KeepOrAnswer(int thread, byte[] buffer)
    {
        if (!FuseRequest.TryParse(slots[thread], out var request))
            failed(new LinuxException("understand a request of", "/dev/fuse", Errno.EPROTO));
        else if (!request.IsOneWay && !TryKeep(slots[thread][..request.Length]))
            Answer(thread, request, buffer);
        slots.Clear(thread);
    }

    private bool TryKeep(ReadOnlySpan<byte> request)
    {
        lock (_queueLock)
        {
            var slot = slots.TryKeep(request);
            if (slot >= 0)
                Enqueue(slot);
            return slot >= 0;
        }
    }

    // The caller holds the lock.
    private void Enqueue(int slot)
    {
        if (FuseRequest.TryParse(slots.Waiting(slot), out var request))
            _queue.Add(tree.PartyOf(request.NodeId), slot);
        else
            slots.Release(slot); // The server before died while it put it there, and had not emptied its own slot yet.
    }

    private bool TryTake(bool willWait, out int slot, out ulong party)
    {
        bool wake;
        lock (_queueLock)
        {
            if (!_queue.TryTake(out slot, out party))
            {
                // Under the lock, so that whoever adds one afterwards knows of this thread.
                if (willWait)
                    Interlocked.Increment(ref _idle);
                return false;
            }
            wake = _idle > 0 && _queue.HasNext;
        }
        if (wake)
            _signal.WakeOne();
        return true;
    }

    private void Wait()
    {
        _signal.Wait();
        Interlocked.Decrement(ref _idle);
    }

    private void AnswerWaiting(int thread, int slot, ulong party, byte[] buffer)
    {
        var started = Stopwatch.GetTimestamp();
        if (FuseRequest.TryParse(slots.Waiting(slot), out var request))
            Answer(thread, request, buffer);
        slots.Release(slot);
        lock (_queueLock)
            _queue.End(party, Stopwatch.GetTimestamp() - started);
    }

    private void Answer(int thread, FuseRequest request, byte[] buffer)
    {
        slots.SetAnswered(thread, request.Unique);
        var reply = new FuseReply(buffer);
        try
        {
            _dispatcher.Answer(request, ref reply);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            failed(error);
        }
        Send(reply.Bytes);
        if (reply.MovesSize)
            ForgetSize(request.NodeId);
        slots.SetAnswered(thread, 0);
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
