using System.Globalization;
using Insula.Engine;

namespace Insula.Cli.Help;

/// <summary>The exit codes a user meets, for the manual.</summary>
internal static class ExitCodes
{
    private static readonly (ExitCode Code, string Meaning)[] Meanings =
    [
        (ExitCode.Ok, "Success."),
        (ExitCode.SystemError, "A system call failed, or an unexpected error."),
        (ExitCode.CommandFailed, "The command of exec did not succeed."),
        (ExitCode.Locked, "The container is locked by another command."),
        (ExitCode.NoGlobalConfig, "vz.conf cannot be read."),
        (ExitCode.NoPermission, "Not root, or permission denied."),
        (ExitCode.NoContainerConfig, "The container has no configuration."),
        (ExitCode.BadSyntax, "The command line is wrong."),
        (ExitCode.BadValue, "A value or the container's number is bad."),
        (ExitCode.NotEnoughBeancounters, "A beancounter that is required is not set."),
        (ExitCode.NotRunning, "The container does not run."),
        (ExitCode.Running, "The container runs."),
        (ExitCode.StopFailed, "The container could not be stopped."),
        (ExitCode.NotMounted, "The container is not mounted."),
        (ExitCode.Mounted, "The container is mounted."),
        (ExitCode.NoPrivateArea, "The container has no private area."),
        (ExitCode.PrivateAreaExists, "The private area exists already."),
        (ExitCode.NoDiskSpace, "The disk is full."),
        (ExitCode.BadTemplate, "The template is broken, or no system."),
        (ExitCode.SetPassword, "The password could not be set."),
        (ExitCode.AddressInUse, "The address is in use."),
        (ExitCode.ActionScript, "An action script failed."),
        (ExitCode.TemplateNotFound, "There is no such template."),
        (ExitCode.StartDisabled, "The container is disabled."),
        (ExitCode.SetName, "The name is taken, or --save is missing."),
        (ExitCode.SaveConfig, "The configuration could not be saved."),
    ];

    /// <summary>EXIT STATUS of a manual page.</summary>
    public static ManualSection Section
    {
        get
        {
            var entries = new List<(string, string)>(Meanings.Length);
            foreach (var (code, meaning) in Meanings)
                entries.Add((((int)code).ToString(CultureInfo.InvariantCulture), meaning));
            return new ManualSection("EXIT STATUS", entries);
        }
    }
}
