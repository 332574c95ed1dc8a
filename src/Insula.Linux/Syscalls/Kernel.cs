using System.Runtime.InteropServices;

namespace Insula.Linux.Syscalls;

/// <summary>
/// The one door to system calls that .NET has no method for. Results are the kernel's own: a negative value is -errno.
/// EINTR is retried here and nowhere else, except by calls that are asked not to.
/// </summary>
public static partial class Kernel
{
    /// <summary>Makes a system call by number through syscall(2) and retries it when a signal interrupts it.</summary>
    /// <returns>The kernel's result, or -errno.</returns>
    public static long Call(Syscall call, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        long result;
        do
            result = CallOnce(call, a, b, c, d, e, f);
        while (result == -(long)Errno.EINTR);
        return result;
    }

    /// <summary>Makes a system call once; a signal shows as -EINTR.</summary>
    public static long CallOnce(Syscall call, nint a = 0, nint b = 0, nint c = 0, nint d = 0, nint e = 0, nint f = 0)
    {
        var number = SyscallTable.Number(call);
        if (number < 0)
            return -(long)Errno.ENOSYS;
        var result = SyscallNative(number, a, b, c, d, e, f);
        return result == -1 ? -Marshal.GetLastPInvokeError() : result;
    }

    /// <summary>A call that needs one path or other string as UTF-8, the rest as integers.</summary>
    internal static unsafe long CallWithPath(Syscall call, nint before, string path, nint c = 0, nint d = 0, nint e = 0)
    {
        using var text = new Utf8Text(path);
        return Call(call, before, (nint)text.Pointer, c, d, e);
    }

    /// <summary>Throws <see cref="LinuxException"/> when <paramref name="result"/> is -errno; else returns it.</summary>
    public static long Check(long result, string action, string target, string? hint = null)
        => result < 0 ? throw new LinuxException(action, target, (Errno)(-result), hint) : result;

    /// <summary>The error in <paramref name="result"/>, or <see cref="Errno.None"/>.</summary>
    public static Errno ErrnoOf(long result) => result < 0 ? (Errno)(-result) : Errno.None;

    // size_t, pointers and file descriptors all travel in full registers; glibc's syscall(2) takes long arguments.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SyscallNative(nint number, nint a, nint b, nint c, nint d, nint e, nint f);
}
