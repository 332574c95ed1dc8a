using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes;

/// <summary>
/// Lets Ctrl-C go to the program in the container and not to this process, which waits for it: SIGINT and SIGQUIT are ignored until
/// disposed. The program itself starts with fresh signals.
/// </summary>
public sealed unsafe class SignalGuard : IDisposable
{
    private const int SIGINT = 2, SIGQUIT = 3, SetSize = 8;
    private readonly KernelAction _interrupt;
    private readonly KernelAction _quit;

    /// <summary>Starts ignoring.</summary>
    public SignalGuard()
    {
        _interrupt = Set(SIGINT, Ignore);
        _quit = Set(SIGQUIT, Ignore);
    }

    private static KernelAction Ignore => new() { Handler = 1 /* SIG_IGN */ };

    /// <inheritdoc/>
    public void Dispose()
    {
        Set(SIGINT, _interrupt);
        Set(SIGQUIT, _quit);
    }

    private static KernelAction Set(int signal, KernelAction action)
    {
        var before = default(KernelAction);
        Kernel.Check(
            Kernel.Call(Syscall.RtSigaction, signal, (nint)(&action), (nint)(&before), SetSize), "set the action for", $"signal {signal}");
        return before;
    }

    /// <summary>The kernel's struct sigaction: handler, flags, restorer (x86-64 only), mask. Read back and given back as it is.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct KernelAction
    {
        public nint Handler;
        public nuint Flags;
        public nint RestorerOrMask;
        public ulong Mask;
    }
}
