using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.ActionScripts;

/// <summary>
/// Runs the administrator's scripts around a container's life, those of the host and those of one container, from the directory
/// of container configurations. A script that is not there is none; one that fails ends the operation with code 79.
/// </summary>
/// <param name="layout">Where things are.</param>
/// <param name="reporter">Told of scripts that are passed over.</param>
/// <param name="runInContainer">
/// Gives a script, as bytes, to a shell in the container and returns its exit code. Asked only when there is one.
/// </param>
public sealed class ActionScriptRunner(HostLayout layout, IReporter reporter, Func<Ctid, byte[], int> runInContainer)
{
    private const int WritableByOthers = 0x12; // 0022
    private const int Executable = 0x49;       // 0111
    private const int LongestScript = 1 << 20;

    /// <summary>Runs the scripts of a moment, one after the other.</summary>
    /// <exception cref="InsulaException">ActionScript: one failed, or anybody but root could have written it. The rest did not run.</exception>
    public void Run(ActionMoment moment, Ctid ctid)
    {
        foreach (var script in ActionScript.Of(moment, layout.ContainerConfigDirectory, ctid.ToString()))
            RunIfThere(script, ctid);
    }

    /// <summary>True if there is anything to run at a moment; cheap, for a caller who would have to prepare for it.</summary>
    public bool HasScripts(ActionMoment moment, Ctid ctid)
    {
        foreach (var script in ActionScript.Of(moment, layout.ContainerConfigDirectory, ctid.ToString()))
        {
            if (File.Exists(script.Path))
                return true;
        }
        return false;
    }

    private void RunIfThere(ActionScript script, Ctid ctid)
    {
        using var file = TryOpen(script.Path);
        if (file == null)
            return;
        var status = FileStatus.Of(file, script.Path);
        CheckTrust(script.Path, status);
        int code;
        if (script.InContainer)
        {
            code = runInContainer(ctid, Read(file, script.Path));
        }
        else if ((status.Mode & Executable) == 0)
        {
            reporter.Warning($"Action script {script.Path} is not executable and was not run");
            return;
        }
        else
        {
            code = HostScript.Run(script.Path, Environment(ctid));
        }
        if (code != 0)
            throw new InsulaException(ExitCode.ActionScript, $"Action script {script.Path} of container {ctid} failed with code {code}");
    }

    // Exactly these, as the old tools; a script that wants more sources vz.conf and $VE_CONFFILE.
    private string[] Environment(Ctid ctid) =>
    [
        $"VEID={ctid}",
        $"VE_CONFFILE={Path.Combine(layout.ContainerConfigDirectory, $"{ctid}.conf")}",
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME=/",
        $"TERM={System.Environment.GetEnvironmentVariable("TERM") ?? "linux"}",
    ];

    // Links are followed: only root can make one in the configuration directory.
    private static FileDescriptor? TryOpen(string path)
    {
        var result = Files.TryOpenAt(Files.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        if (Kernel.ErrnoOf(result) == Errno.ENOENT)
            return null;
        if (result < 0)
        {
            throw new InsulaException(
                ExitCode.ActionScript, $"Cannot open action script {path}: {ErrnoText.Describe(Kernel.ErrnoOf(result))}");
        }
        return new FileDescriptor((int)result);
    }

    private static void CheckTrust(string path, FileStatus status)
    {
        if (status.Kind != FileKind.Regular)
            throw new InsulaException(ExitCode.ActionScript, $"Action script {path} is not a regular file");
        if (status.Uid != OwnUid())
        {
            throw new InsulaException(
                ExitCode.ActionScript, $"Action script {path} is not run: it belongs to user {status.Uid}, not to root", $"chown root {path}");
        }
        if ((status.Mode & WritableByOthers) != 0)
        {
            throw new InsulaException(
                ExitCode.ActionScript, $"Action script {path} is not run: others than root may write it", $"chmod go-w {path}");
        }
    }

    // Root, where the tools run as they are meant to; in tests whoever runs them.
    private static uint OwnUid() => (uint)Kernel.Call(Syscall.GetEuid);

    private static byte[] Read(FileDescriptor file, string path)
    {
        var content = new MemoryStream();
        Span<byte> buffer = stackalloc byte[4096];
        int got;
        while ((got = (int)Kernel.Check(Files.TryRead(file, buffer), "read", path)) > 0)
        {
            content.Write(buffer[..got]);
            if (content.Length > LongestScript)
                throw new InsulaException(ExitCode.ActionScript, $"Action script {path} is longer than {LongestScript} bytes");
        }
        return content.ToArray();
    }
}
