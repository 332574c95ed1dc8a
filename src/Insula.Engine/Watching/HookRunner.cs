using System.Globalization;
using System.Text;
using Insula.Engine.ActionScripts;
using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Execution;
using Insula.Linux.FileTrees;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Watching;

/// <summary>
/// Runs vzeventd's hooks: CONFIGDIR/scripts/vzevent-{start,stop,mount,umount,reboot}, one after the other in the order of the events, each at most
/// once. Which was the last is kept in RUNDIR/insulad.hooks, so that a new daemon goes on behind it.
/// </summary>
/// <param name="engine">This host.</param>
/// <param name="loop">Where it waits.</param>
internal sealed class HookRunner(EngineContext engine, EventLoop loop)
{
    /// <summary>A hook that runs longer is killed.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private const int Executable = 0x49, WritableByOthers = 0x12; // 0111, 0022

    private readonly ChildProcesses _children = new(loop);
    private readonly Queue<(long Sequence, Ctid Ctid, string Path)> _waiting = new();
    private long _last = -1;
    private bool _running;

    private string PositionFile => Path.Combine(engine.Layout.RunDirectory, "insulad.hooks");

    /// <summary>An event has been read from the journal.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="happened">The event.</param>
    public void Take(long sequence, ContainerEvent happened)
    {
        if (happened.Kind is not (EventKind.Start or EventKind.Stop or EventKind.Mount or EventKind.Umount or EventKind.Reboot))
            return;
        if (sequence <= (_last < 0 ? _last = ReadPosition() : _last))
            return;
        _last = sequence;
        var path = Path.Combine(engine.Layout.ScriptsDirectory, $"vzevent-{happened.KindName}");
        if (!File.Exists(path) && _waiting.Count == 0)
            SavePosition(sequence);
        if (!File.Exists(path))
            return;
        _waiting.Enqueue((sequence, happened.Ctid, path));
        StartNext();
    }

    private void StartNext()
    {
        while (!_running && _waiting.TryDequeue(out var hook))
        {
            // Before it runs: one that brings the daemon down is not run again and again.
            SavePosition(hook.Sequence);
            if (WhyNotToRun(hook.Path) is { } why)
            {
                Fail(hook.Ctid, hook.Path, why);
                continue;
            }
            Start(hook.Ctid, hook.Path);
        }
    }

    private void Start(Ctid ctid, string path)
    {
        string[] environment =
        [
            $"VEID={ctid}", $"VE_CONFFILE={Path.Combine(engine.Layout.ContainerConfigDirectory, $"{ctid}.conf")}", ProgramRunner.PathVariable, "HOME=/",
        ];
        var started = Environment.TickCount64;
        try
        {
            _running = true;
            _children.Start(path, [path], environment, Longest, code =>
            {
                _running = false;
                if (code != 0)
                    Fail(ctid, path, Environment.TickCount64 - started < Longest.TotalMilliseconds ? $"it failed with code {code}" : $"it ran longer than {Longest.TotalSeconds} s and was killed");
                StartNext();
            });
        }
        catch (LinuxException error)
        {
            _running = false;
            Fail(ctid, path, error.Message);
        }
    }

    private void Fail(Ctid ctid, string path, string why)
    {
        engine.Reporter.Warning($"CT {ctid}: hook {path}: {why}");
        engine.Events.Note(ctid, EventKind.Failed, $"hook {Path.GetFileName(path)}: {why}");
    }

    // As for action scripts: nobody but root may have written it.
    private static string? WhyNotToRun(string path)
    {
        if (FileStatus.TryGetTarget(path, out var status) < 0)
            return "it cannot be read";
        if (status.Kind != FileKind.Regular)
            return "it is not a regular file";
        if (status.Uid != 0 || (status.Mode & WritableByOthers) != 0)
            return "it is not run: others than root may write it";
        return (status.Mode & Executable) == 0 ? "it is not executable" : null;
    }

    private void SavePosition(long sequence)
        => AtomicFile.Replace(PositionFile, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{sequence}\n")), durable: false);

    private long ReadPosition()
        => Files.TryReadText(Files.CurrentDirectory, PositionFile, out var text) == Errno.None
            && long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var position)
                ? position
                : 0;
}
