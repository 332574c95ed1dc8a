using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes;

/// <summary>Blocks every signal on this thread until disposed (sigprocmask(2)).</summary>
internal readonly unsafe ref struct SignalMask
{
    private const int SIG_SETMASK = 2;

    /// <summary>The kernel's sigset_t is 64 bits on every architecture Insula runs on.</summary>
    internal const int KernelSetSize = 8;

    private readonly ulong _before;

    private SignalMask(ulong before) => _before = before;

    public static SignalMask BlockAll()
    {
        var all = ulong.MaxValue;
        ulong before = 0;
        Kernel.Check(Kernel.Call(Syscall.RtSigprocmask, SIG_SETMASK, (nint)(&all), (nint)(&before), KernelSetSize), "block", "signals");
        return new SignalMask(before);
    }

    public void Dispose()
    {
        var before = _before;
        Kernel.Check(Kernel.Call(Syscall.RtSigprocmask, SIG_SETMASK, (nint)(&before), 0, KernelSetSize), "restore", "the signal mask");
    }
}
