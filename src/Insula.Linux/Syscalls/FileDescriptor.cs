using System.Runtime.InteropServices;

namespace Insula.Linux.Syscalls;

/// <summary>An open file descriptor that is closed once, at the latest by the finalizer. All are close-on-exec.</summary>
public sealed class FileDescriptor : SafeHandle
{
    /// <summary>Takes ownership of <paramref name="number"/>.</summary>
    public FileDescriptor(int number)
        : base(-1, ownsHandle: true) => SetHandle(number);

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <summary>
    /// The descriptor's number, for a call that takes a plain integer. The caller keeps this object alive during the call;
    /// the library's own wrappers do.
    /// </summary>
    public int Number
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (int)handle;
        }
    }

    /// <summary>A path that leads to the same open file for calls that want one: <c>/proc/self/fd/7</c>.</summary>
    public string ProcPath => $"/proc/self/fd/{Number}";

    /// <summary>A second descriptor for the same open file.</summary>
    public FileDescriptor Duplicate() => DuplicateOf(Number);

    /// <summary>A descriptor of its own for an open file that is known by number only: 0, 1 or 2.</summary>
    public static FileDescriptor DuplicateOf(int number)
    {
        const int F_DUPFD_CLOEXEC = 1030;
        return new FileDescriptor((int)Kernel.Check(
            Kernel.Call(Syscall.FCntl, number, F_DUPFD_CLOEXEC, 0), "duplicate descriptor", $"{number}"));
    }

    /// <inheritdoc/>
    // close(2): on Linux the descriptor is gone even after EINTR, so there is nothing to retry and nobody to tell.
    protected override bool ReleaseHandle() => Kernel.Call(Syscall.Close, (int)handle) == 0;
}
