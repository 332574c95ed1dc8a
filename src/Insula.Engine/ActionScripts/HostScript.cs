using Insula.Linux.Launch;
using Insula.Linux.Syscalls;

namespace Insula.Engine.ActionScripts;

/// <summary>Runs a script of the administrator on the host and waits for its end, however long that takes.</summary>
internal static class HostScript
{
    private const int FirstPrivateDescriptor = 3;

    /// <summary>Runs it. Its output goes where ours goes; it has nothing to read and none of our descriptors.</summary>
    /// <returns>Its exit code, or 128 plus the signal that ended it.</returns>
    /// <exception cref="InsulaException">ActionScript: it could not be executed.</exception>
    public static int Run(string path, IReadOnlyList<string> environment, params IReadOnlyList<string> arguments)
    {
        using var nothing = Files.Open("/dev/null", OpenFlags.ReadOnly);
        using var plan = new LaunchPlan();
        plan.AddStandardStreams(nothing, 1, 2);
        plan.AddCloseOnExecFrom(FirstPrivateDescriptor);
        plan.AddFreshSignals();
        plan.AddExecuteFirst([(path, [path, .. arguments])], environment);
        using var child = Launcher.Start(plan, CloneFlags.None);
        try
        {
            child.AwaitExec();
        }
        catch (LinuxException error)
        {
            throw new InsulaException(
                ExitCode.ActionScript, $"Cannot run action script {path}: {ErrnoText.Describe(error.Errno)}", Hint(error.Errno), error);
        }
        return child.PidFd.Wait().ShellCode;
    }

    private static string? Hint(Errno errno) => errno switch
    {
        Errno.ENOEXEC => "its first line must name an interpreter: #!/bin/sh",
        Errno.ENOENT => "the interpreter in its first line does not exist",
        _ => null,
    };
}
