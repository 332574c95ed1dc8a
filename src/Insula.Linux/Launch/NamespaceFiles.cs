using System.Text;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Linux.Launch;

/// <summary>
/// Keys of /proc/sys that belong to a namespace: which one's they are is decided by who opens the file, so a short-lived child in that
/// namespace writes them.
/// </summary>
public static class NamespaceFiles
{
    /// <summary>Writes a value.</summary>
    /// <param name="target">A process in the namespace.</param>
    /// <param name="kind">Which: the network or the IPC namespace.</param>
    /// <param name="path">The file: <c>/proc/sys/kernel/shmall</c>.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Write(PidFd target, CloneFlags kind, string path, string value)
    {
        try
        {
            Run(target, kind, path, value, asItsRoot: false);
        }
        // Since Linux 6.11 the keys of an IPC namespace are its own root's, and the host's root is a stranger to them.
        catch (LinuxException error) when (error.Errno is Errno.EACCES or Errno.EPERM)
        {
            Run(target, kind, path, value, asItsRoot: true);
        }
    }

    private static void Run(PidFd target, CloneFlags kind, string path, string value, bool asItsRoot)
    {
        using var plan = new LaunchPlan();
        plan.AddJoinAll(target, asItsRoot ? kind | CloneFlags.NewUser : kind);
        if (asItsRoot)
            plan.AddBecome(0, 0);
        var bytes = Encoding.ASCII.GetBytes(value);
        var file = plan.Add($"write \"{value}\" to", path, Syscall.OpenAt, Files.CurrentDirectory, path, Files.NativeFlags(OpenFlags.WriteOnly));
        plan.Add($"write \"{value}\" to", path, Syscall.Write, file, bytes, bytes.Length);
        LaunchedTask.Run(plan);
    }
}
