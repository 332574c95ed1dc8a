using Insula.Linux.Launch;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Processes;

/// <summary>This very process.</summary>
public static unsafe class ProcessImage
{
    /// <summary>Lets a descriptor live on in the program that this process executes next, or takes that back.</summary>
    public static void KeepOverExec(FileDescriptor descriptor, bool keep)
    {
        const int F_SETFD = 2, FD_CLOEXEC = 1;
        Kernel.Check(Kernel.Call(Syscall.FCntl, descriptor.Number, F_SETFD, keep ? 0 : FD_CLOEXEC), "set up", $"descriptor {descriptor.Number}");
    }

    /// <summary>
    /// Becomes another program (execve(2)): same process, other threads end at once, descriptors live on that were kept. Does not return.
    /// </summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Its arguments, its name first.</param>
    /// <param name="environment">Its environment, <c>NAME=value</c>.</param>
    /// <exception cref="LinuxException">It cannot be executed.</exception>
    public static void Replace(string path, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        // Threads share what unshare(2) calls file system information, and while one of them executes a program the others may make no more threads (EAGAIN, in
        // copy_fs() of the kernel), of which they would die, and this process with them. This thread takes its own.
        const int CLONE_FS = 0x200;
        Kernel.Check(Kernel.Call(Syscall.Unshare, CLONE_FS), "prepare to execute", path);
        using var arena = new PlanArena();
        var result = Kernel.Call(
            Syscall.Execve, (nint)arena.Text(path), (nint)arena.TextArray(arguments), (nint)arena.TextArray(environment));
        throw new LinuxException("execute", path, Kernel.ErrnoOf(result));
    }
}
