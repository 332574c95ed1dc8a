using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.ActionScripts;

/// <summary>A script of the administrator, opened: one that anybody but root could have written is refused.</summary>
internal sealed class TrustedScript : IDisposable
{
    private const int WritableByOthers = 0x12; // 0022
    private const int Executable = 0x49;       // 0111
    private const int LongestScript = 1 << 20;

    private readonly FileDescriptor _file;
    private readonly string _path;
    private readonly FileStatus _status;

    private TrustedScript(FileDescriptor file, string path)
    {
        (_file, _path) = (file, path);
        _status = FileStatus.Of(file, path);
    }

    /// <summary>True if its mode lets it be executed.</summary>
    public bool IsExecutable => (_status.Mode & Executable) != 0;

    /// <summary>Opens a script; null if there is none. Links are followed: only root can make one in the configuration directory.</summary>
    /// <param name="path">Where it is.</param>
    /// <param name="kind">What it is called in messages: "Action script".</param>
    /// <exception cref="InsulaException">ActionScript: it cannot be opened, is no file, or others than root may write it.</exception>
    public static TrustedScript? TryOpen(string path, string kind)
    {
        var result = Files.TryOpenAt(Files.CurrentDirectory, path, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        if (Kernel.ErrnoOf(result) == Errno.ENOENT)
            return null;
        if (result < 0)
            throw new InsulaException(ExitCode.ActionScript, $"Cannot open {Lower(kind)} {path}: {ErrnoText.Describe(Kernel.ErrnoOf(result))}");
        var script = new TrustedScript(new FileDescriptor((int)result), path);
        try
        {
            script.CheckTrust(kind);
            return script;
        }
        catch
        {
            script.Dispose();
            throw;
        }
    }

    /// <summary>The whole script.</summary>
    /// <exception cref="InsulaException">ActionScript: it is longer than a script can be.</exception>
    public byte[] Read()
    {
        var content = new MemoryStream();
        Span<byte> buffer = stackalloc byte[4096];
        int got;
        while ((got = (int)Kernel.Check(Files.TryRead(_file, buffer), "read", _path)) > 0)
        {
            content.Write(buffer[..got]);
            if (content.Length > LongestScript)
                throw new InsulaException(ExitCode.ActionScript, $"Script {_path} is longer than {LongestScript} bytes");
        }
        return content.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void CheckTrust(string kind)
    {
        if (_status.Kind != FileKind.Regular)
            throw new InsulaException(ExitCode.ActionScript, $"{kind} {_path} is not a regular file");
        if (_status.Uid != OwnUid())
        {
            throw new InsulaException(
                ExitCode.ActionScript, $"{kind} {_path} is not run: it belongs to user {_status.Uid}, not to root", $"chown root {_path}");
        }
        if ((_status.Mode & WritableByOthers) != 0)
        {
            throw new InsulaException(
                ExitCode.ActionScript, $"{kind} {_path} is not run: others than root may write it", $"chmod go-w {_path}");
        }
    }

    // Root, where the tools run as they are meant to; in tests whoever runs them.
    private static uint OwnUid() => (uint)Kernel.Call(Syscall.GetEuid);

    private static string Lower(string kind) => char.ToLowerInvariant(kind[0]) + kind[1..];
}
