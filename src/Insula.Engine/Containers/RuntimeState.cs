using System.Globalization;
using System.Text;
using Insula.Engine.Configuration;
using Insula.Engine.Host;
using Insula.Engine.Storage;
using Insula.Linux.FileTrees;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Containers;

/// <summary>
/// Which process is a container's init. Kept in RUNDIR/CTID/init as "pid start-time boot-id"; a file that is missing or stale is made
/// good from the container's cgroup, so nothing is lost when /run is.
/// </summary>
/// <param name="layout">Where things are.</param>
/// <param name="processesOf">The pids in a container's cgroups; asked only when the file does not tell.</param>
/// <param name="isInside">Whether a process is past its gate, in a cgroup namespace of its own.</param>
public sealed class RuntimeState(HostLayout layout, Func<Ctid, IEnumerable<int>> processesOf, Func<int, bool> isInside)
{
    private const string BootIdFile = "/proc/sys/kernel/random/boot_id";

    /// <summary>RUNDIR/CTID.</summary>
    public string DirectoryOf(Ctid ctid) => Path.Combine(layout.RunDirectory, ctid.ToString());

    /// <summary>Remembers the init that has just been started. Replaced atomically.</summary>
    public void Save(Ctid ctid, PidFd init)
    {
        var start = ProcessStatus.TryReadStartTime(init.Pid)
            ?? throw new InsulaException(ExitCode.CreateEnvironment, $"init of container {ctid} ended at once");
        var directory = DirectoryOf(ctid);
        Directory.CreateDirectory(directory);
        var note = string.Create(CultureInfo.InvariantCulture, $"{init.Pid} {start} {BootId()}\n");
        AtomicFile.Replace(InitFile(ctid), Encoding.ASCII.GetBytes(note), durable: false);
    }

    /// <summary>Forgets an init whose start has failed.</summary>
    public void ForgetInit(Ctid ctid)
    {
        if (Directory.Exists(DirectoryOf(ctid)))
            File.Delete(InitFile(ctid));
    }

    /// <summary>The container's running init, or null. The caller disposes it.</summary>
    public PidFd? TryOpenInit(Ctid ctid)
    {
        if (TryReadFile(ctid) is { } known)
        {
            var init = PidFd.TryOpen(known.Pid);
            // Opened first, compared after: what the descriptor holds cannot change any more.
            if (init != null && ProcessStatus.TryReadStartTime(known.Pid) == known.Start && Runs(init))
                return init;
            init?.Dispose();
        }
        return FindInCgroup(ctid);
    }

    /// <summary>The init that the container was last started with and that no command has cleared away, running or not; null if none is noted.</summary>
    public InitProcess? FindNoted(Ctid ctid) => TryReadFile(ctid) is { } known ? new InitProcess(known.Pid, known.Start) : null;

    /// <summary>True while the container's init runs.</summary>
    public bool IsRunning(Ctid ctid)
    {
        using var init = TryOpenInit(ctid);
        return init != null;
    }

    /// <summary>
    /// The containers that have a run-time directory, which start makes and stop removes; one of them runs only if
    /// <see cref="TryOpenInit"/> says so. In ascending order.
    /// </summary>
    public IReadOnlyList<Ctid> Started()
    {
        var started = new List<Ctid>();
        if (!Directory.Exists(layout.RunDirectory))
            return started;
        foreach (var path in Directory.EnumerateDirectories(layout.RunDirectory))
        {
            if (Ctid.TryParse(Path.GetFileName(path.AsSpan()), out var ctid) && !ctid.IsHost)
                started.Add(ctid);
        }
        started.Sort();
        return started;
    }

    /// <summary>When init started, in seconds since boot; null if it does not run.</summary>
    public double? StartedAt(Ctid ctid)
    {
        const int ticksPerSecond = 100; // USER_HZ, fixed on the architectures Insula runs on
        using var init = TryOpenInit(ctid);
        return init == null ? null : ProcessStatus.TryReadStartTime(init.Pid) / (double)ticksPerSecond;
    }

    /// <summary>Forgets a container that has stopped.</summary>
    public void Clear(Ctid ctid)
    {
        var directory = DirectoryOf(ctid);
        if (!Directory.Exists(directory))
            return;
        // A start that was killed half-way may have left the layer mounted here.
        RootMount.Unmount(directory);
        TreeRemover.Remove(directory);
    }

    // A first process whose start was killed before all was ready is about to end, and one that ends takes a while to take its mounts away.
    // The former has no cgroup namespace of its own yet, the latter none any more.
    private bool Runs(PidFd init) => isInside(init.Pid) && !init.HasEnded;

    private PidFd? FindInCgroup(Ctid ctid)
    {
        foreach (var pid in processesOf(ctid))
        {
            var init = PidFd.TryOpen(pid);
            if (init == null)
                continue;
            // init is 1 in exactly one namespace below ours; a nested container's init has three numbers.
            if (ProcessStatus.ReadNamespacePids(pid) is [_, 1] && Runs(init))
                return init;
            init.Dispose();
        }
        return null;
    }

    private string InitFile(Ctid ctid) => Path.Combine(DirectoryOf(ctid), "init");

    private (int Pid, ulong Start)? TryReadFile(Ctid ctid)
    {
        var file = InitFile(ctid);
        // A file that cannot be read tells nothing, like one that is not there.
        if (Files.TryReadText(Files.CurrentDirectory, file, out var text) != Errno.None)
            return null;
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 3 || words[2] != BootId())
            return null;
        return int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && ulong.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? (pid, start)
            : null;
    }

    internal static string BootId() => Files.ReadText(BootIdFile).Trim();
}
