using Insula.Cli.ArpSend;
using Insula.Cli.Hooks;
using Insula.Cli.InsulaTool;
using Insula.Cli.Options;
using Insula.Cli.Planning;
using Insula.Cli.Traffic;
using Insula.Cli.VzCtl;
using Insula.Cli.VzList;
using Insula.Cli.VzPid;
using Insula.Cli.VzQuota;
using Insula.Cli.VzUbc;

namespace Insula.Cli;

/// <summary>One binary, several programs: which one is decided by the name it is run as, or by the first word after <c>insula</c>.</summary>
internal static class MultiCall
{
    /// <summary>Runs the program that <paramref name="invokedAs"/> names.</summary>
    /// <param name="invokedAs">argv[0]: "/usr/sbin/vzctl".</param>
    /// <param name="arguments">The arguments after it.</param>
    /// <param name="host">The process around it.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string invokedAs, IReadOnlyList<string> arguments, CliHost host)
    {
        var name = Path.GetFileName(invokedAs);
        // "insula vzctl ...", and a binary of any other name, is insula.
        if (!IsProgram(name) && arguments.Count > 0 && IsProgram(arguments[0]))
        {
            name = arguments[0];
            arguments = Words.After(arguments, 1);
        }
        var invalid = ArgumentBytes.FindInvalid(arguments, host.CommandLine);
        return name switch
        {
            "vzctl" => VzCtlProgram.Run(arguments, invalid, host),
            "vzlist" => VzListProgram.Run(arguments, invalid, host),
            "vzpid" => VzPidProgram.Run(arguments, invalid, host),
            "vzubc" => VzUbcProgram.Run(arguments, invalid, host),
            "arpsend" => ArpSendProgram.Run(arguments, host),
            "ndsend" => NdSendProgram.Run(arguments, host),
            "vznetstat" => VzNetStatProgram.Run(arguments, invalid, host),
            "vztactl" => VzTaCtlProgram.Run(arguments, invalid, host),
            "vznetcfg" => VzNetCfgProgram.Run(arguments, host),
            "vznetaddbr" => VzNetAddBrProgram.Run(arguments, host),
            "vzifup-post" => VzIfUpPostProgram.Run(arguments, host),
            "vzquota" => VzQuotaProgram.Run(arguments, invalid, host),
            "vzdqcheck" => VzDqCheckProgram.Run(arguments, invalid, host),
            "vzdqdump" => VzDqDumpProgram.Run(arguments, invalid, host),
            "vzdqload" => VzDqLoadProgram.Run(arguments, invalid, host),
            _ => PlanningTools.Find(name) is { } tool ? PlanningProgram.Run(tool, arguments, invalid, host) : InsulaProgram.Run(arguments, invalid, host),
        };
    }

    private static bool IsProgram(string name)
        => name is "vzctl" or "vzlist" or "vzpid" or "vzubc" or "vzquota" or "vzdqcheck" or "vzdqdump" or "vzdqload" or "arpsend" or "ndsend"
            or "vznetcfg" or "vznetaddbr" or "vzifup-post" or "vznetstat" or "vztactl" || PlanningTools.Find(name) is not null;
}
