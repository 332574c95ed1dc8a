using Insula.Engine.Containers;
using Insula.Linux.Launch;
using Insula.Linux.Mounts;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>
/// Gives running containers their files back when all processes of the daemon were killed at once and nobody had kept its descriptors. What is
/// mounted in them then is of a connection that nobody can serve any more (ENOTCONN); the new daemon's files are put in its place.
/// </summary>
/// <param name="engine">The host's containers.</param>
internal sealed class LostFiles(EngineContext engine)
{
    private readonly DaemonFiles _files = new(engine.Layout);

    /// <summary>Notes that it is to be done, if any container runs.</summary>
    public void NoteIfAny()
    {
        if (engine.Runtime.Started().Any(engine.Runtime.IsRunning))
            File.WriteAllText(_files.LostFile, "");
    }

    /// <summary>Does it, with a daemon that serves, and takes the note away.</summary>
    public void Restore()
    {
        const int LOCK_EX = 2;
        var opened = Files.TryOpenAt(Files.CurrentDirectory, _files.LostFile, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        if (opened < 0)
            return;
        // A process that an earlier worker has started for it may be at it.
        using var held = new FileDescriptor((int)opened);
        Kernel.Check(Kernel.Call(Syscall.FLock, held.Number, LOCK_EX), "lock", _files.LostFile);
        if (MountTable.ReadOwn().LastOrDefault(entry => entry.MountPoint == _files.MountPoint) is not { } served)
            return;
        foreach (var ctid in engine.Runtime.Started())
            TryRestore(ctid, served.Device);
        File.Delete(_files.LostFile);
    }

    /// <summary>What of a container's mounts is to be replaced, and by what below the directory that is served.</summary>
    /// <param name="mounts">Its mounts, in the order in which they were made.</param>
    /// <param name="ctid">The container.</param>
    /// <param name="device">The device of the files that are served now.</param>
    internal static IReadOnlyList<(string MountPoint, string Source)> Find(IReadOnlyList<MountEntry> mounts, Ctid ctid, string device)
    {
        var own = $"/{ctid}";
        // What the container has mounted over them is its own affair.
        return
        [
            .. mounts.GroupBy(entry => entry.MountPoint, StringComparer.Ordinal).Select(group => group.Last())
                .Where(entry => entry.Type == ServedConnection.FileSystemType && entry.Device != device
                    && (entry.Root == own || entry.Root.StartsWith($"{own}/", StringComparison.Ordinal)))
                .Select(entry => (entry.MountPoint, entry.Root)),
        ];
    }

    private void TryRestore(Ctid ctid, string device)
    {
        try
        {
            using var init = engine.Runtime.TryOpenInit(ctid);
            if (init is null || Files.TryReadText(Files.CurrentDirectory, $"/proc/{init.Pid}/mountinfo", out var table) != Errno.None || init.HasEnded)
                return;
            var lost = Find(MountTable.Parse(table), ctid, device);
            if (lost.Count == 0)
                return;
            Replace(init, lost);
            engine.Reporter.Info($"CT {ctid} has its files in /proc and /sys back ({lost.Count} mounts)");
        }
        catch (LinuxException error)
        {
            engine.Reporter.Warning($"CT {ctid} does not get its files in /proc and /sys back until it is started again: {error.Message}");
        }
    }

    // What is new is taken outside, where the container has no say; inside, with the rights that its own root has, paths lead where it likes.
    private void Replace(PidFd init, IReadOnlyList<(string MountPoint, string Source)> lost)
    {
        var trees = new List<FileDescriptor>();
        try
        {
            using var plan = new LaunchPlan();
            plan.AddJoinAll(init, CloneFlags.NewUser | CloneFlags.NewMount);
            foreach (var (point, source) in lost)
            {
                var tree = DetachedMount.Clone(_files.MountPoint + source);
                trees.Add(tree);
                plan.Add(StepMode.Optional, "take away", point, Syscall.Umount2, point, MountConstants.UnmountDetach | MountConstants.UnmountNoFollow);
                plan.Add("mount on", point, Syscall.MoveMount, tree, "", Files.CurrentDirectory, point, MountConstants.MoveFromDescriptor);
            }
            LaunchedTask.Run(plan);
        }
        finally
        {
            trees.ForEach(tree => tree.Dispose());
        }
    }
}
