using Insula.Engine.Containers;
using Insula.Engine.Storage;
using Insula.Linux.Mounts;
using Insula.Linux.Sockets;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Serving;

/// <summary>insulad: what its processes do, from their first step to their last.</summary>
/// <param name="engine">The host's containers.</param>
public sealed class Daemon(EngineContext engine)
{
    private const int SignalTerminate = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly DaemonFiles _files = new(engine.Layout);

    /// <summary>A process of a daemon that runs already.</summary>
    public void Continue(DaemonRole role, CancellationToken stop)
    {
        using var served = ServedConnection.Inherit(role);
        if (role.Kind == DaemonKind.Worker)
            new Worker(engine, served).Run(new FileDescriptor(role.Keeper));
        else
            Keep(served, stop);
    }

    /// <summary>Starts the daemon and runs it until it is asked to end.</summary>
    /// <param name="replace">True to take over from one that runs, without a reader noticing.</param>
    /// <param name="ready">Called when readers are served.</param>
    /// <param name="stop">Cancelled to end it.</param>
    /// <exception cref="InsulaException">9: one runs already, and it is not to be replaced.</exception>
    public void Start(bool replace, Action ready, CancellationToken stop)
    {
        Directory.CreateDirectory(engine.Layout.RunDirectory);
        using var served = TryTakeLock() is { } held ? MountAnew(held) : TakeOver(replace);
        ready();
        Keep(served, stop);
    }

    private void Keep(ServedConnection served, CancellationToken stop)
    {
        DaemonState.Save(_files, served);
        new Keeper(served, engine.Layout, engine.Reporter).Run(stop);
        File.Delete(_files.StateFile);
        File.Delete(_files.Socket);
        // Containers that run have their files mounted and keep the file system; a daemon that is started next cannot serve it any more.
        if (!engine.Store.List().Any(engine.Runtime.IsRunning))
        {
            RootMount.Unmount(_files.MountPoint);
            new Watching.ExitRecorder(engine.Layout).TurnOff();
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
        return ServedConnection.Mount(_files.MountPoint, held, LocalSocket.Listen(_files.Socket));
    }

    private ServedConnection TakeOver(bool replace)
    {
        if (DaemonState.Find(_files) is not var (keeper, descriptors))
            throw new InsulaException(ExitCode.Locked, "insulad is just starting or ending", "try again");
        using (keeper)
        {
            if (!replace)
                throw new InsulaException(ExitCode.Locked, $"insulad runs already (process {keeper.Pid})", "--replace takes over from it");
            var served = DaemonState.CopyFrom(keeper, descriptors);
            keeper.Signal(SignalTerminate);
            if (!keeper.WaitEnd(Patience))
                keeper.Kill();
            // The one that has ended took its socket's name along.
            served.Listener.Dispose();
            return served with { Listener = LocalSocket.Listen(_files.Socket) };
        }
    }
}
