using System.Globalization;
using Insula.Engine.Containers;
using Insula.Linux.Processes;

namespace Insula.Engine.Watching;

/// <summary>
/// What the daemon has done by a process of its own, as its arguments say: whatever becomes of the daemon, it is done to its end, and no descriptor
/// of the daemon gets into a container.
/// </summary>
/// <param name="Kind">What.</param>
/// <param name="Ctid">For which container.</param>
/// <param name="Init">The init that has ended.</param>
/// <param name="Status">How it ended; null: not known.</param>
public sealed record WatchTask(WatchTaskKind Kind, Ctid Ctid = default, InitProcess Init = default, ExitStatus? Status = null)
{
    private const string Unknown = "-";

    private static readonly string[] Words = ["--record-exits", "--finish", "--restart", "--restore-files", "--guard-links", "--save-traffic", "--restore-rates"];

    /// <summary>Understands the arguments; null if they are no task.</summary>
    public static WatchTask? Parse(string[] arguments)
    {
        var kind = arguments.Length == 0 ? -1 : Array.IndexOf(Words, arguments[0]);
        switch ((WatchTaskKind)kind, arguments)
        {
            case (WatchTaskKind.RecordExits, [_]):
                return new(WatchTaskKind.RecordExits);
            case (WatchTaskKind.RestoreFiles, [_]):
                return new(WatchTaskKind.RestoreFiles);
            case (WatchTaskKind.GuardLinks, [_]):
                return new(WatchTaskKind.GuardLinks);
            case (WatchTaskKind.SaveTraffic, [_]):
                return new(WatchTaskKind.SaveTraffic);
            case (WatchTaskKind.RestoreRates, [_]):
                return new(WatchTaskKind.RestoreRates);
            case (WatchTaskKind.Restart, [_, var number]) when Ctid.TryParse(number, out var ctid):
                return new(WatchTaskKind.Restart, ctid);
            case (WatchTaskKind.Finish, [_, var number, var pid, var started, var status]) when Ctid.TryParse(number, out var ctid):
                var raw = 0;
                if (!int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                    || !ulong.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
                    || (status != Unknown && !int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out raw)))
                    return null;
                return new(WatchTaskKind.Finish, ctid, new InitProcess(process, ticks), status == Unknown ? null : new ExitStatus(raw));
            default:
                return null;
        }
    }

    /// <summary>The arguments that say this, the program's name first.</summary>
    public IReadOnlyList<string> Arguments() => Kind switch
    {
        WatchTaskKind.RecordExits or WatchTaskKind.RestoreFiles or WatchTaskKind.GuardLinks or WatchTaskKind.SaveTraffic or WatchTaskKind.RestoreRates => ["insulad", Words[(int)Kind]],
        WatchTaskKind.Restart => ["insulad", Words[(int)Kind], Ctid.ToString()],
        _ =>
        [
            "insulad", Words[(int)Kind], Ctid.ToString(), Init.Pid.ToString(CultureInfo.InvariantCulture), Init.Started.ToString(CultureInfo.InvariantCulture),
            Status is { } status ? status.Raw.ToString(CultureInfo.InvariantCulture) : Unknown,
        ],
    };

    /// <summary>Does it.</summary>
    /// <exception cref="InsulaException">9: the container is locked; others as the operation's.</exception>
    public void Run(EngineContext engine)
    {
        switch (Kind)
        {
            case WatchTaskKind.RecordExits:
                new ExitRecorder(engine.Layout).TurnOn();
                break;
            case WatchTaskKind.RestoreFiles:
                new Serving.LostFiles(engine).Restore();
                break;
            case WatchTaskKind.GuardLinks:
                Restore(engine);
                break;
            case WatchTaskKind.SaveTraffic:
                engine.Traffic.SaveAll();
                break;
            case WatchTaskKind.RestoreRates:
                RestoreRates(engine);
                break;
            case WatchTaskKind.Finish:
                new Operations.EndOperation(engine, Ctid).Finish(Init, Status);
                break;
            default:
                new Operations.EndOperation(engine, Ctid).Restart();
                break;
        }
    }

    private static void Restore(EngineContext engine)
    {
        if (new Network.Guard.GuardRestoration(engine).Run() is > 0 and var links)
            engine.Reporter.Warning($"Somebody had changed the nftables table {Network.Guard.NetworkGuard.Table}; the guard of {links} links was put back");
        if (new Network.Firewall.HostFirewall(engine).Restore() is > 0 and var containers)
            engine.Reporter.Warning($"Somebody had changed the nftables tables {string.Join(", ", Network.Firewall.HostFirewall.Tables)}; the firewall of {containers} containers was put back");
    }

    private static void RestoreRates(EngineContext engine)
    {
        if (engine.Traffic.RestoreQueue() is > 0 and var rates)
            engine.Reporter.Warning($"Somebody had changed the links of rates; they were made again with {rates} rates");
    }
}

/// <summary>Kinds of <see cref="WatchTask"/>.</summary>
public enum WatchTaskKind
{
    /// <summary>Make the kernel note how containers end.</summary>
    RecordExits,

    /// <summary>Clean up after a container that has ended, and start it again if it reboots.</summary>
    Finish,

    /// <summary>Start a container again whose restart was put off.</summary>
    Restart,

    /// <summary>Mount the files of running containers again whose daemon was killed with all its processes.</summary>
    RestoreFiles,

    /// <summary>Put the guard of the containers' links back, and their firewall.</summary>
    GuardLinks,

    /// <summary>Keep what has been counted of the containers' traffic.</summary>
    SaveTraffic,

    /// <summary>Make the links again that hold to the containers' rates.</summary>
    RestoreRates,
}
