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
using var requests = new DaemonRequests();
using var terminate = On(PosixSignal.SIGTERM, requests.AskToStop);
using var interrupt = On(PosixSignal.SIGINT, requests.AskToStop);
using var makeWay = On(PosixSignal.SIGHUP, requests.AskToMakeWay);
try
{
    // Executed as /proc/self/exe it would be called "exe" in ps(1).
    File.WriteAllText("/proc/self/comm", "insulad");
    var engine = new EngineContext(GlobalConfig.Load(), reporter);
    if (options.Task is { } task)
    {
        // The daemon is spared when memory runs out (its unit says so); what it starts is not.
        File.WriteAllText("/proc/self/oom_score_adj", "0");
        StartedLimits.Apply();
        reporter.Prefix = task.Ctid.IsHost ? "" : $"CT {task.Ctid}: ";
        task.Run(engine);
        return 0;
    }
    var daemon = new Daemon(engine);
    if (options.Role is { } role)
        daemon.Continue(role, requests);
    else
        daemon.Start(options.Replace, requests);
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

static PosixSignalRegistration On(PosixSignal signal, Action ask) => PosixSignalRegistration.Create(signal, context =>
{
    context.Cancel = true;
    ask();
});
