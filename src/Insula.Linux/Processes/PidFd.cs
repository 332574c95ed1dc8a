using System.Runtime.InteropServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes;

/// <summary>
/// A process by descriptor (pidfd_open(2)): unlike a pid it can never come to mean another process.
/// </summary>
/// <param name="descriptor">The pidfd; this object owns it.</param>
/// <param name="pid">The process's pid, for messages and /proc paths.</param>
public sealed class PidFd(FileDescriptor descriptor, int pid) : IDisposable
{
    private const int SignalKill = 9;
    private const int P_PIDFD = 3;
    private const int WEXITED = 4;
    private const int WNOHANG = 1;
    private const int CLD_EXITED = 1;

    /// <summary>The pid it had when it was opened.</summary>
    public int Pid { get; } = pid;

    /// <summary>The descriptor itself, for setns(2) and poll(2).</summary>
    public FileDescriptor Descriptor { get; } = descriptor;

    /// <summary>Opens a running process; null if there is none with this pid.</summary>
    public static PidFd? TryOpen(int pid)
    {
        var result = Kernel.Call(Syscall.PidfdOpen, pid, 0);
        if (Kernel.ErrnoOf(result) is Errno.ESRCH or Errno.EINVAL)
            return null;
        return new PidFd(new FileDescriptor((int)Kernel.Check(result, "open process", $"{pid}")), pid);
    }

    /// <summary>Sends a signal. False when the process has ended already.</summary>
    public bool Signal(int signal)
    {
        var result = Kernel.Call(Syscall.PidfdSendSignal, Descriptor.Number, signal);
        if (Kernel.ErrnoOf(result) == Errno.ESRCH)
            return false;
        Kernel.Check(result, $"send signal {signal} to process", $"{Pid}");
        return true;
    }

    /// <summary>SIGKILL.</summary>
    public bool Kill() => Signal(SignalKill);

    /// <summary>True once the process has ended (also before it is reaped).</summary>
    public bool HasEnded => WaitEnd(TimeSpan.Zero);

    /// <summary>Waits until the process has ended, child of ours or not. False if time ran out first.</summary>
    public unsafe bool WaitEnd(TimeSpan timeout)
    {
        var deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        while (true)
        {
            var poll = new PollEntry { Descriptor = Descriptor.Number, Events = PollEntry.Input };
            var left = timeout == Timeout.InfiniteTimeSpan ? -1 : Math.Max(0, deadline - Environment.TickCount64);
            var wait = new TimeSpec { Seconds = left / 1000, Nanoseconds = left % 1000 * 1_000_000 };
            var result = Kernel.CallOnce(Syscall.Ppoll, (nint)(&poll), 1, left < 0 ? 0 : (nint)(&wait), 0, SignalMask.KernelSetSize);
            if (Kernel.ErrnoOf(result) == Errno.EINTR)
                continue;
            return Kernel.Check(result, "wait for process", $"{Pid}") > 0;
        }
    }

    /// <summary>Waits for a child of ours to end and reaps it (waitid(2)).</summary>
    public WaitStatus Wait() => Reap(WEXITED)!.Value;

    /// <summary>Reaps a child of ours if it has ended; null if it still runs.</summary>
    public WaitStatus? TryReap() => Reap(WEXITED | WNOHANG);

    private unsafe WaitStatus? Reap(int options)
    {
        var info = default(SigInfo);
        Kernel.Check(Kernel.Call(Syscall.WaitId, P_PIDFD, Descriptor.Number, (nint)(&info), options, 0), "wait for process", $"{Pid}");
        return info.Signal == 0 ? null : new WaitStatus(info.Status, info.Code != CLD_EXITED);
    }

    /// <summary>Takes a copy of a descriptor that the process has open (pidfd_getfd(2), Linux 5.6).</summary>
    public FileDescriptor GetDescriptor(int number)
        => new((int)Kernel.Check(
            Kernel.Call(Syscall.PidfdGetfd, Descriptor.Number, number, 0), $"copy descriptor {number} of process", $"{Pid}"));

    /// <summary>
    /// How a process ended that is not a child of ours, once its parent has reaped it (PIDFD_INFO_EXIT, Linux 6.15); null before, and on older kernels.
    /// The descriptor must have been opened while it ran. This is the code that the process itself ended with: reboot(2) in a pid namespace does not show.
    /// </summary>
    public unsafe ExitStatus? TryReadExit()
    {
        var info = new PidInfo { Mask = PidInfo.Exit };
        var result = Kernel.Call(Syscall.IoCtl, Descriptor.Number, unchecked((nint)PidInfo.Request), (nint)(&info));
        return result >= 0 && (info.Mask & PidInfo.Exit) != 0 ? new ExitStatus(info.ExitCode) : null;
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    /// <summary>struct pidfd_info of linux/pidfd.h in its first size.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    internal unsafe struct PidInfo
    {
        /// <summary>PIDFD_GET_INFO for 64 bytes: _IOWR(0xFF, 11, struct pidfd_info).</summary>
        public const uint Request = 3u << 30 | 64u << 16 | 0xFF << 8 | 11;

        /// <summary>PIDFD_INFO_EXIT.</summary>
        public const ulong Exit = 1 << 3;

        public ulong Mask;
        public ulong CgroupId;
        public int Pid;
        public int ThreadGroup;
        public int Parent;
        public fixed uint Ids[8];
        public int ExitCode;
    }

    /// <summary>The part of siginfo_t that waitid(2) fills in (64-bit layout); 128 bytes in all.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 128)]
    internal struct SigInfo
    {
        public int Signal;
        public int Errno;
        public int Code;
        public int Pad;
        public int Pid;
        public int Uid;
        public int Status;
    }
}

/// <summary>struct pollfd.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    /// <summary>POLLIN.</summary>
    public const short Input = 1;

    /// <summary>POLLOUT.</summary>
    public const short Output = 4;

    public int Descriptor;
    public short Events;
    public short Returned;
}

/// <summary>struct timespec on 64-bit architectures.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    public long Seconds;
    public long Nanoseconds;
}
