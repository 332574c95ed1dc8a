using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Polling;

/// <summary>Waits for any of many descriptors (epoll(7)); what it costs does not depend on how many there are.</summary>
public sealed unsafe class PollSet : IDisposable
{
    private const int Most = 64;
    private const int EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2, EPOLL_CTL_MOD = 3;
    private const int EPOLL_CLOEXEC = 0x80000;

    // struct epoll_event is packed on x86-64 and nowhere else.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EntrySize = DataOffset + 8;

    private readonly FileDescriptor _set = new((int)Kernel.Check(Kernel.Call(Syscall.EpollCreate1, EPOLL_CLOEXEC), "create", "an epoll set"));
    private readonly byte[] _ready = new byte[Most * EntrySize];

    /// <summary>Adds a descriptor; it must be removed before it is closed.</summary>
    public void Add(FileDescriptor descriptor, PollEvents events) => Control(EPOLL_CTL_ADD, descriptor, events);

    /// <summary>Changes what is waited for.</summary>
    public void Change(FileDescriptor descriptor, PollEvents events) => Control(EPOLL_CTL_MOD, descriptor, events);

    /// <summary>Takes it out.</summary>
    public void Remove(FileDescriptor descriptor) => Control(EPOLL_CTL_DEL, descriptor, PollEvents.None);

    /// <summary>Waits until something is ready or time is up.</summary>
    /// <param name="milliseconds">How long; -1 for ever.</param>
    /// <param name="ready">Gets the numbers of the descriptors and what they are ready for.</param>
    public void Wait(int milliseconds, List<(int Descriptor, PollEvents Events)> ready)
    {
        ready.Clear();
        fixed (byte* entries = _ready)
        {
            var result = Kernel.CallOnce(Syscall.EpollPwait, _set.Number, (nint)entries, Most, milliseconds, 0, SignalMask.KernelSetSize);
            if (Kernel.ErrnoOf(result) == Errno.EINTR)
                return;
            var count = (int)Kernel.Check(result, "wait for", "an epoll set");
            for (var i = 0; i < count; i++)
            {
                var entry = _ready.AsSpan(i * EntrySize, EntrySize);
                ready.Add((BinaryPrimitives.ReadInt32LittleEndian(entry[DataOffset..]), (PollEvents)BinaryPrimitives.ReadUInt32LittleEndian(entry)));
            }
        }
    }

    /// <summary>Waits until something is ready, whatever it is. Several threads may do so: one of them is woken.</summary>
    public void WaitForAny()
    {
        var entry = stackalloc byte[16];
        var result = Kernel.CallOnce(Syscall.EpollPwait, _set.Number, (nint)entry, 1, -1, 0, SignalMask.KernelSetSize);
        if (Kernel.ErrnoOf(result) != Errno.EINTR)
            Kernel.Check(result, "wait for", "an epoll set");
    }

    /// <inheritdoc/>
    public void Dispose() => _set.Dispose();

    private void Control(int operation, FileDescriptor descriptor, PollEvents events)
    {
        var entry = stackalloc byte[16];
        new Span<byte>(entry, 16).Clear();
        *(uint*)entry = (uint)events;
        *(int*)(entry + DataOffset) = descriptor.Number;
        Kernel.Check(
            Kernel.Call(Syscall.EpollCtl, _set.Number, operation, descriptor.Number, (nint)entry), "change in an epoll set", $"descriptor {descriptor.Number}");
    }
}
