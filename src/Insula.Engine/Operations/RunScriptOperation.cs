using Insula.Engine.Containers;
using Insula.Engine.Execution;
using Insula.Engine.Isolation;
using Insula.Linux.Launch;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Operations;

/// <summary>`vzctl runscript`: a script of the host, run by a shell in a container.</summary>
internal sealed class RunScriptOperation(ContainerContext container)
{
    private const int LargestScript = 16 << 20;

    /// <summary>Runs the script. The caller holds the lock.</summary>
    /// <returns>The shell's code.</returns>
    public int Run(string scriptFile)
    {
        var script = Read(scriptFile);
        using var init = container.Engine.Runtime.TryOpenInit(container.Ctid);
        return init != null ? new ProgramRunner(container, init).RunScript(script) : RunStopped(script);
    }

    // The script's shell is the container's only process then: no init, no services.
    private int RunStopped(byte[] script)
    {
        using var input = MemoryFile.Create("insula-script", script);
        using var streams = ProgramStreams.WithInput(input);
        return new StartOperation(container).RunOnce(ProgramRunner.Shell(), streams.Given);
    }

    private static byte[] Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > LargestScript)
                throw new InsulaException(ExitCode.BadValue, $"Script {path} is larger than {LargestScript} bytes");
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InsulaException(ExitCode.NoScript, $"Unable to read script {path}: {error.Message}", cause: error);
        }
    }
}
