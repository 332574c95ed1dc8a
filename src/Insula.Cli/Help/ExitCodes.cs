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
        (ExitCode.RateNotSet, "RATE is not set."),
        (ExitCode.TotalRateNotSet, "TOTALRATE is not set."),
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
        (ExitCode.NotEnoughQuotaLimits, "A limit of the disk quota is missing."),
        (ExitCode.QuotaOn, "The disk quota could not be turned on."),
        (ExitCode.QuotaInit, "What the container has could not be counted."),
        (ExitCode.QuotaSetLimit, "The limits of disk space and inodes could not be set."),
        (ExitCode.DiskSpaceNotSet, "DISKSPACE is not set."),
        (ExitCode.DiskInodesNotSet, "DISKINODES is not set."),
        (ExitCode.SetUserQuota, "Quotas of users inside could not be set."),
        (ExitCode.QuotaOff, "The disk quota could not be turned off."),
        (ExitCode.UserQuotaNotInitialized, "Users inside have no quotas."),
        (ExitCode.QuotaUsage, "What the container uses could not be found out."),
        (ExitCode.SetPassword, "The password could not be set."),
        (ExitCode.AddressInUse, "The address is in use."),
        (ExitCode.ActionScript, "An action script failed."),
        (ExitCode.SetRate, "The rates of traffic could not be set."),
        (ExitCode.SetAccount, "Traffic cannot be counted."),
        (ExitCode.TemplateNotFound, "There is no such template."),
        (ExitCode.HostNetworkDevice, "A network device of the host cannot be handed over."),
        (ExitCode.StartDisabled, "The container is disabled."),
        (ExitCode.SetName, "The name is taken, or --save is missing."),
        (ExitCode.SaveConfig, "The configuration could not be saved."),
        (ExitCode.SetIo, "Disk throughput could not be limited."),
        (ExitCode.CreateImage, "The disk image could not be made."),
        (ExitCode.MountImage, "The disk image could not be mounted."),
        (ExitCode.UnmountImage, "The disk image could not be unmounted."),
        (ExitCode.ResizeImage, "The disk image could not be resized."),
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
