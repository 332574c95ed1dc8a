using System.Runtime.ExceptionServices;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>
/// A thread that may leave the namespaces of this process: setns(2) moves the calling thread alone, nothing else ever runs on this one, and
/// it ends where it went. That costs less than a child, and nobody sees a process come and go.
/// </summary>
internal static class Visitor
{
    private const int StackSize = 256 * 1024;

    /// <summary>Runs it on a visitor and waits; a LinuxException that it throws is thrown here.</summary>
    /// <param name="name">Of the thread, for errors.</param>
    /// <param name="visit">What it does; it must not wait for other threads.</param>
    /// <exception cref="LinuxException">EAGAIN: the kernel refused a thread.</exception>
    public static void Run(string name, Action visit)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                visit();
            }
            catch (LinuxException exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        }, StackSize);
        try
        {
            thread.Start();
        }
        catch (OutOfMemoryException)
        {
            // How .NET tells that pthread_create(3) failed, whatever the reason.
            throw new LinuxException("create", $"a thread to {name}", Errno.EAGAIN);
        }
        thread.Join();
        failure?.Throw();
    }
}
