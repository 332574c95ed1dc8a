using System.Text;
using Insula.Engine.Execution;
using Insula.Engine.Host;
using Insula.Linux.Launch;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Boot;

/// <summary>
/// A vzctl of our own, as a process of its own: whatever becomes of it, the others go on, and no descriptor of one start is in another's
/// container.
/// </summary>
internal static class VzctlProcess
{
    /// <summary>Runs this program as vzctl and waits for it.</summary>
    /// <param name="layout">Names the configuration.</param>
    /// <param name="arguments">"start", "101".</param>
    /// <param name="say">Gets each line that it writes.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="LinuxException">It could not be started.</exception>
    public static int Run(HostLayout layout, IReadOnlyList<string> arguments, Action<string> say)
    {
        var (reader, writer) = Files.Pipe();
        using (reader)
        {
            using var child = Start(layout, arguments, writer);
            ReadLines(reader, say);
            return child.PidFd.Wait().ShellCode;
        }
    }

    private static LaunchedProcess Start(HostLayout layout, IReadOnlyList<string> arguments, FileDescriptor writer)
    {
        using (writer)
        {
            using var nothing = Files.Open("/dev/null", OpenFlags.ReadOnly);
            using var plan = new LaunchPlan();
            plan.AddStandardStreams(nothing, writer, writer);
            plan.AddFreshSignals();
            plan.AddCloseOnExecFrom(3);
            plan.AddExecuteFirst(
                [("/proc/self/exe", ["vzctl", .. arguments])],
                [ProgramRunner.PathVariable, $"{HostLayout.ConfigDirectoryVariable}={layout.ConfigDirectory}"]);
            var child = Launcher.Start(plan, CloneFlags.None);
            child.AwaitExec();
            return child;
        }
    }

    private static void ReadLines(FileDescriptor reader, Action<string> say)
    {
        var buffer = new byte[4096];
        var line = new List<byte>();
        int got;
        while ((got = (int)Kernel.Check(Files.TryRead(reader, buffer), "read from", "vzctl")) > 0)
        {
            foreach (var value in buffer.AsSpan(0, got))
            {
                if (value != (byte)'\n')
                {
                    line.Add(value);
                    continue;
                }
                say(Encoding.UTF8.GetString([.. line]));
                line.Clear();
            }
        }
        if (line.Count > 0)
            say(Encoding.UTF8.GetString([.. line]));
    }
}
