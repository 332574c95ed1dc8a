using Insula.Linux.Syscalls;

namespace Insula.Linux.Polling;

/// <summary>A descriptor that another thread makes readable (eventfd(2)).</summary>
public sealed class Wakeup : IDisposable
{
    private const int EFD_NONBLOCK = 0x800, EFD_CLOEXEC = 0x80000;

    /// <summary>To be waited for.</summary>
    public FileDescriptor Descriptor { get; }
        = new((int)Kernel.Check(Kernel.Call(Syscall.Eventfd2, 0, EFD_NONBLOCK | EFD_CLOEXEC), "create", "an eventfd"));

    /// <summary>Makes it readable.</summary>
    public unsafe void Raise()
    {
        var one = 1UL;
        // EAGAIN: it has been raised so often that it stays readable anyway.
        Kernel.Call(Syscall.Write, Descriptor.Number, (nint)(&one), sizeof(ulong));
    }

    /// <summary>Makes it unreadable again.</summary>
    public void Clear()
    {
        Span<byte> count = stackalloc byte[sizeof(ulong)];
        Files.TryRead(Descriptor, count);
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();
}
