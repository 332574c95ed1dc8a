using Insula.Engine;

namespace Insula.Cli;

/// <summary>Most commands need the host's root.</summary>
internal static class RootCheck
{
    /// <summary>Throws unless we are root.</summary>
    /// <exception cref="InsulaException">12: we are not.</exception>
    public static void Demand(CliHost host, string program)
    {
        if (!host.IsRoot)
            throw new InsulaException(ExitCode.NoPermission, $"{program} must be run as root", "Run it with sudo, or as root");
    }
}
