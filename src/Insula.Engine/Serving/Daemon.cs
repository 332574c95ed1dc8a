using Insula.Engine.Containers;
using Insula.Engine.Storage;
using Insula.Linux.Mounts;
using Insula.Linux.Processes;
using Insula.Linux.Sockets;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>insulad: what its processes do, from their first step to their last.</summary>
/// <param name="engine">The host's containers.</param>
public sealed class Daemon(EngineContext engine)
{
    private const int SignalHangUp = 1;

    // How long the daemon that is to be replaced may take, and how long a worker may take to become the keeper.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5), Succession = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly DaemonFiles _files = new(engine.Layout);

    /// <summary>A process of a daemon that runs already.</summary>
    public void Continue(DaemonRole role, DaemonRequests requests)
    {
        using var served = new ServedConnection(NamedDescriptors.Inherit(role.Descriptors));
        if (role.Kind == DaemonKind.Worker)
            new Worker(engine, served).Run(new FileDescriptor(role.Keeper));
        else
            Keep(served, requests, leaving: role.Kind == DaemonKind.Leaver);
    }

    /// <summary>Starts the daemon and runs it until it is asked to end.</summary>
    /// <param name="replace">True to take over from one that runs, without a reader noticing.</param>
    /// <param name="requests">What it is asked for meanwhile.</param>
    /// <exception cref="InsulaException">9: one runs already, and it is not to be replaced.</exception>
    public void Start(bool replace, DaemonRequests requests)
    {
        Directory.CreateDirectory(engine.Layout.RunDirectory);
        var kept = ServiceManager.TakeKept();
        using var served = Take(kept, replace);
        ListenerStore.Complete(served.Descriptors);
        KeptDescriptors.Keep(served.Descriptors);
        Keep(served, requests, leaving: false);
    }

    private void Keep(ServedConnection served, DaemonRequests requests, bool leaving)
    {
        DaemonState.Save(_files, served);
        ServiceManager.Notify("READY=1");
        using var keeper = new Keeper(served, engine, leaving);
        var end = keeper.Run(requests);
        if (end == KeeperEnd.Left)
            return;
        if (end == KeeperEnd.Ended)
        {
            KeptDescriptors.Forget(served.Descriptors);
            RootMount.Unmount(_files.MountPoint);
            File.Delete(_files.Socket);
            new Watching.ExitRecorder(engine.Layout).TurnOff();
            File.Delete(_files.LoadFile);
            // The worker that was writing it has been killed.
            File.Delete(_files.LoadFile + ".tmp");
            File.Delete(_files.LostFile);
        }
        // The one that takes over sees by this that it was let in, and not that this process was killed.
        File.Delete(_files.StateFile);
    }

    private ServedConnection Take(IReadOnlyDictionary<string, FileDescriptor> kept, bool replace)
    {
        var deadline = Environment.TickCount64 + (long)Patience.TotalMilliseconds;
        while (true)
        {
            if (TryTakeLock() is { } held)
                return KeptDescriptors.TryUse(kept, held, Listen) ?? MountAnew(held);
            if (DaemonState.Find(_files) is var (keeper, descriptors))
            {
                using (keeper)
                {
                    if (!replace)
                        throw new InsulaException(ExitCode.Locked, $"insulad runs already (process {keeper.Pid})", "--replace takes over from it");
                    if (TakeOver(keeper, descriptors) is { } served)
                        return served;
                }
            }
            if (Environment.TickCount64 > deadline)
                throw new InsulaException(ExitCode.Locked, "insulad is just starting or ending", "try again");
            Thread.Sleep(Pause);
        }
    }

    private FileDescriptor? TryTakeLock()
    {
        const int LOCK_EX = 2, LOCK_NB = 4, mode = 0x180; // 0600
        var file = Files.Open(_files.LockFile, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow, mode);
        var result = Kernel.Call(Syscall.FLock, file.Number, LOCK_EX | LOCK_NB);
        if (result == 0)
            return file;
        file.Dispose();
        if (Kernel.ErrnoOf(result) != Errno.EAGAIN)
            Kernel.Check(result, "lock", _files.LockFile);
        return null;
    }

    private ServedConnection MountAnew(FileDescriptor held)
    {
        // What a daemon left that was killed with all its processes: nobody answers there any more.
        RootMount.Unmount(_files.MountPoint);
        Directory.CreateDirectory(_files.MountPoint);
        new LostFiles(engine).NoteIfAny();
        return ServedConnection.Mount(_files.MountPoint, held, Listen());
    }

    private FileDescriptor Listen() => LocalSocket.Listen(_files.Socket);

    // Null: it ended in another way than by making room, and its worker becomes the keeper; to be asked next.
    private ServedConnection? TakeOver(PidFd keeper, IReadOnlyDictionary<string, int> descriptors)
    {
        if (NamedDescriptors.TryCopyFrom(keeper, descriptors) is not { } copies)
            return null;
        var served = new ServedConnection(copies);
        keeper.Signal(SignalHangUp);
        if (!keeper.WaitEnd(Patience))
            keeper.Kill();
        var deadline = Environment.TickCount64 + (long)Succession.TotalMilliseconds;
        while (keeper.WaitEnd(Patience) && File.Exists(_files.StateFile))
        {
            if (DaemonState.Find(_files) is var (heir, _))
            {
                heir.Dispose();
                served.Dispose();
                return null;
            }
            // Both of its processes have died: what we have are the last descriptors.
            if (Environment.TickCount64 > deadline)
                break;
            Thread.Sleep(Pause);
        }
        return served;
    }
}
