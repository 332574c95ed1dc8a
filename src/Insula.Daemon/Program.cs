using System.Runtime.InteropServices;
using Insula.Daemon;
using Insula.Engine;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Serving;
using Insula.Linux.Syscalls;

var reporter = new StandardErrorReporter();
if (DaemonOptions.Parse(args) is not { } options)
{
    Console.Error.Write(DaemonOptions.Usage);
    return (int)ExitCode.BadSyntax;
}
if (options.Help)
{
    Console.Out.Write(DaemonOptions.Usage);
    return 0;
}
using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    var engine = new EngineContext(GlobalConfig.Load(), reporter);
    if (options.Task is { } task)
    {
        reporter.Prefix = task.Ctid.IsHost ? "" : $"CT {task.Ctid}: ";
        task.Run(engine);
        return 0;
    }
    var daemon = new Daemon(engine);
    if (options.Role is { } role)
        daemon.Continue(role, stop.Token);
    else
        daemon.Start(options.Replace, () => { }, stop.Token);
    return 0;
}
catch (InsulaException error)
{
    // Whoever has the container's lock is asked again in a moment.
    if (options.Task is not null && error.Code == ExitCode.Locked)
        return (int)error.Code;
    reporter.Error(error.Hint is null ? error.Message : $"{error.Message}. Hint: {error.Hint}");
    return (int)error.Code;
}
catch (LinuxException error)
{
    reporter.Error(error.Hint is null ? error.Message : $"{error.Message}. Hint: {error.Hint}");
    return (int)ExitCode.SystemError;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
