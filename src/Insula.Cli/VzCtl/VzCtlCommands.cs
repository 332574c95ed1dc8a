using Insula.Cli.VzCtl.Commands;

namespace Insula.Cli.VzCtl;

/// <summary>The commands of vzctl.</summary>
internal static class VzCtlCommands
{
    private static readonly string[] Names =
    [
        "create", "destroy", "mount", "umount", "start", "stop", "restart", "status", "set", "exec", "exec2", "exec3", "enter", "console",
        "runscript", "quotaon", "quotaoff", "quotainit", "monitor",
    ];

    /// <summary>The command of a name, or null. Only this one is made: the others would cost start-up time.</summary>
    public static VzCtlCommand? Find(string name) => name switch
    {
        "create" => new CreateCommand(),
        "destroy" or "delete" => new DestroyCommand(),
        "mount" => new MountCommand(),
        "umount" => new UmountCommand(),
        "start" => new StartCommand(),
        "stop" => new StopCommand(),
        "restart" => new RestartCommand(),
        "status" => new StatusCommand(),
        "set" => new SetCommand(),
        "exec" => new ExecCommand(),
        "exec2" => new Exec2Command(),
        "exec3" => new Exec3Command(),
        "enter" => new EnterCommand(),
        "console" => new ConsoleCommand(),
        "runscript" => new RunScriptCommand(),
        "quotaon" => new QuotaOnCommand(),
        "quotaoff" => new QuotaOffCommand(),
        "quotainit" => new QuotaInitCommand(),
        "monitor" => new MonitorCommand(),
        _ => null,
    };

    /// <summary>All of them, in the order of help.</summary>
    public static IReadOnlyList<VzCtlCommand> All()
    {
        var commands = new List<VzCtlCommand>(Names.Length);
        foreach (var name in Names)
            commands.Add(Find(name)!);
        return commands;
    }
}
