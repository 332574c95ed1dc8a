using Insula.Engine.Beancounters.Bounds;
using Insula.Engine.Containers;
using Insula.Engine.Isolation;
using Insula.Engine.Operations;
using Insula.Engine.Serving;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Execution;

/// <summary>Runs programs and scripts in a container whose first process exists.</summary>
/// <param name="container">The container.</param>
/// <param name="init">Its first process.</param>
internal sealed class ProgramRunner(ContainerContext container, PidFd init)
{
    private const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>PATH as every program in a container gets it.</summary>
    public const string PathVariable = $"PATH={SearchPath}";

    /// <summary>What `vzctl exec` gives a program: nothing of the host's environment goes in.</summary>
    public static IReadOnlyList<string> Environment { get; } = ["HOME=/", "TERM=linux", PathVariable];

    /// <summary>bash if it is there, else sh, with these arguments.</summary>
    public static IReadOnlyList<(string Path, IReadOnlyList<string> Arguments)> Shell(params IReadOnlyList<string> arguments) =>
    [
        ("/bin/bash", ["bash", .. arguments]),
        ("/bin/sh", ["sh", .. arguments]),
    ];

    /// <summary>A program by name, looked for as execvp(3) would; a name with a slash is taken as it is.</summary>
    public static IReadOnlyList<(string Path, IReadOnlyList<string> Arguments)> Program(IReadOnlyList<string> command)
    {
        var name = command[0];
        if (name.Contains('/', StringComparison.Ordinal))
            return [(name, command)];
        return [.. SearchPath.Split(':').Select(directory => ($"{directory}/{name}", command))];
    }

    /// <summary>Runs a program with this process's own streams and waits for it.</summary>
    /// <returns>What a shell would give: its code, 128 + signal, 126, 127.</returns>
    public int Run(IReadOnlyList<(string Path, IReadOnlyList<string> Arguments)> programs)
    {
        using var streams = ProgramStreams.ForOwn();
        return Run(programs, streams.Given, Environment, Timeout.InfiniteTimeSpan)!.Value;
    }

    /// <summary>Gives a shell a script on its standard input.</summary>
    public int RunScript(ReadOnlySpan<byte> script) => RunScript(script, [], Timeout.InfiniteTimeSpan)!.Value;

    /// <summary>As <see cref="RunScript(ReadOnlySpan{byte})"/>, with more in the environment and a limit in time.</summary>
    /// <returns>Null if time ran out; the shell is killed then.</returns>
    public int? RunScript(ReadOnlySpan<byte> script, IReadOnlyList<string> environment, TimeSpan limit)
    {
        using var file = MemoryFile.Create("insula-script", script);
        using var streams = ProgramStreams.WithInput(file);
        return Run(Shell(), streams.Given, [.. Environment, .. environment], limit);
    }

    /// <summary>Starts a program on given streams.</summary>
    public ContainerProgram Start(
        IReadOnlyList<(string Path, IReadOnlyList<string> Arguments)> programs,
        IReadOnlyList<string> environment,
        (FileDescriptor, FileDescriptor, FileDescriptor)? streams,
        bool controllingTerminal)
    {
        var last = CapabilitySet.ReadLast();
        using var handover = ListenerHandover.TryBegin(container);
        var settings = new JoinSettings
        {
            Init = init,
            Capabilities = ContainerIsolation.Capabilities(container, last),
            LastCapability = last,
            SystemCallFilter = ContainerIsolation.Filter(container, asks: handover != null),
            HasListener = handover != null,
            Limits = ProcessBounds.Of(container),
            Programs = programs,
            Environment = environment,
            Streams = streams,
            ControllingTerminal = controllingTerminal,
            TimeNamespace = ContainerIsolation.HasTimeNamespace(container),
        };
        return ContainerProgram.Start(settings, pid => Placement.Place(container, init, pid), listener => handover!.Complete(listener));
    }

    private int? Run(
        IReadOnlyList<(string Path, IReadOnlyList<string> Arguments)> programs,
        (FileDescriptor, FileDescriptor, FileDescriptor)? streams,
        IReadOnlyList<string> environment,
        TimeSpan limit)
    {
        using var guard = new SignalGuard();
        try
        {
            using var program = Start(programs, environment, streams, controllingTerminal: false);
            if (program.Process.WaitEnd(limit))
                return program.Wait();
            program.Process.Kill();
            program.Wait();
            return null;
        }
        catch (LinuxException error) when (ContainerProgram.CodeOf(error) is { } code)
        {
            // The last place that was looked at is not what the user asked for.
            container.Engine.Reporter.Error($"Cannot execute {programs[0].Arguments[0]}: {ErrnoText.Describe(error.Errno)}");
            return code;
        }
    }
}
