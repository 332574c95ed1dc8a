using System.Runtime.InteropServices;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>A child on its way through a plan.</summary>
public sealed class LaunchedProcess : IDisposable
{
    private readonly LaunchPlan _plan;
    private readonly FileDescriptor _errors;
    private bool _reaped;

    internal LaunchedProcess(LaunchPlan plan, int pid, PidFd pidFd, FileDescriptor errors)
    {
        _plan = plan;
        Pid = pid;
        PidFd = pidFd;
        _errors = errors;
    }

    /// <summary>Its pid in this process's pid namespace.</summary>
    public int Pid { get; }

    /// <summary>A handle on it that no other process can come to wear.</summary>
    public PidFd PidFd { get; }

    /// <summary>Waits until the child has come to a point of its plan.</summary>
    /// <exception cref="LinuxException">A step before it failed.</exception>
    public void Await(LaunchSignal signal)
    {
        // The child has its own copy of the writing end; with ours closed, its death is seen as the end of the pipe.
        signal.Writer.Dispose();
        Span<byte> ready = stackalloc byte[1];
        if (Kernel.Check(Files.TryRead(signal.Reader, ready), "hear from", $"process {Pid}") == 0)
        {
            AwaitExec();
            throw new LinuxException("hear from", $"process {Pid}", Errno.EPIPE);
        }
    }

    /// <summary>Waits until the child runs its program (or has come to the end of its list).</summary>
    /// <exception cref="LinuxException">A step failed; the message names the step. The child has ended and is reaped.</exception>
    public void AwaitExec()
    {
        Span<byte> report = stackalloc byte[16];
        var got = Kernel.Check(Files.TryRead(_errors, report), "hear from", $"process {Pid}");
        if (got == 0)
            return;
        if (got != report.Length)
            throw new LinuxException("hear from", $"process {Pid}", Errno.EPROTO);
        Reap();
        var words = MemoryMarshal.Cast<byte, long>(report);
        throw _plan.FailureOf(words[0], words[1]);
    }

    /// <summary>Ends the child at once and reaps it; for the way back when the parent's part failed.</summary>
    public void KillAndReap()
    {
        if (_reaped)
            return;
        PidFd.Kill();
        Reap();
    }

    private void Reap()
    {
        PidFd.Wait();
        _reaped = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        PidFd.Dispose();
        _errors.Dispose();
    }
}
