using System.Diagnostics;
using Insula.Engine.Templates;

namespace Insula.Engine.Host;

/// <summary>The program systemctl. It talks to systemd by its private socket, so no message bus is needed.</summary>
public sealed class Systemctl : ISystemctl
{
    /// <inheritdoc/>
    public (int Code, string Error) Run(params IReadOnlyList<string> arguments)
    {
        var path = HostProgram.Require("systemctl", "systemd", "place containers below systemd");
        using var process = Process.Start(HostProgram.Command(path, [.. arguments]))
            ?? throw new InsulaException(ExitCode.SystemError, $"{path} could not be started");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        output.Wait();
        return (process.ExitCode, error.Trim());
    }
}
