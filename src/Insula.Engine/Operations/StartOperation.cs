using Insula.Engine.ActionScripts;
using Insula.Engine.Beancounters.Bounds;
using Insula.Engine.Boot;
using Insula.Engine.Containers;
using Insula.Engine.Isolation;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Parts;
using Insula.Engine.Quotas;
using Insula.Engine.Serving;
using Insula.Engine.Templates;
using Insula.Engine.Watching;
using Insula.Linux.Launch;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Operations;

/// <summary>`vzctl start`: from files on disk to a running init.</summary>
internal sealed class StartOperation(ContainerContext container)
{
    private readonly DistributionScripts _scripts = new(container);

    private IReporter Reporter => container.Engine.Reporter;

    /// <summary>Starts the container. The caller holds its lock.</summary>
    public void Run(StartRequest request)
    {
        RequireStartable(request);
        Recovery.CleanUp(container);
        Reporter.Info("Starting container...");
        using (var undo = container.Engine.NewUndo())
        {
            if (!container.IsMounted)
                MountOperation.Mount(container, undo);
            else
                ContainerQuota.LeaveRoom(container);
            RequireInit();
            Prepare(undo);
            Launch(undo, settings => settings, () => AppliedConfig.Save(container.Engine, container.Config), _ => { });
            undo.Commit();
        }
        NoteRunning();
        container.Engine.Events.Note(container.Ctid, EventKind.Start);
        Reporter.Info("Container start in progress...");
        if (request.Wait)
            new StartWait(container).UntilDefaultState();
    }

    // It runs; that it would not be started after a reboot is no reason to stop it.
    private void NoteRunning()
    {
        try
        {
            new EndRecords(container.Engine.Layout).NoteStarted(container.Ctid);
            new RebootMarks(container.Engine.Layout).NoteRunning(container.Ctid);
        }
        catch (Exception error) when (error is InsulaException or IOException or UnauthorizedAccessException)
        {
            Reporter.Warning($"It is not remembered that CT {container.Ctid} runs: {error.Message}");
        }
    }

    /// <summary>
    /// Runs a program in a stopped container as its only process, without init and services, and waits for it. Afterwards the container is
    /// stopped again.
    /// </summary>
    public int RunOnce(
        IReadOnlyList<(string Path, IReadOnlyList<string> Arguments)> programs, (FileDescriptor, FileDescriptor, FileDescriptor) streams)
        => RunOnce(programs, streams, null, Timeout.InfiniteTimeSpan)!.Value;

    /// <summary>As the other, with an environment of the program's own and a limit in time.</summary>
    /// <returns>Null if time ran out; the program is killed then.</returns>
    public int? RunOnce(
        IReadOnlyList<(string Path, IReadOnlyList<string> Arguments)> programs,
        (FileDescriptor, FileDescriptor, FileDescriptor) streams,
        IReadOnlyList<string>? environment,
        TimeSpan limit)
    {
        MountOperation.RequirePrivateArea(container);
        IdRangeGrant.Ensure(container);
        Recovery.CleanUp(container);
        using var undo = container.Engine.NewUndo();
        if (!container.IsMounted)
            MountOperation.Mount(container, undo);
        Prepare(undo);
        int? code = null;
        Launch(
            undo,
            settings => settings with { Programs = programs, Streams = streams, Environment = environment ?? settings.Environment, StopBeforeInit = false },
            () => { },
            child => code = WaitEnd(child.PidFd, limit));
        Recovery.CleanUp(container);
        undo.Commit();
        MountOperation.Unmount(container);
        return code;
    }

    private static int? WaitEnd(PidFd program, TimeSpan limit)
    {
        if (program.WaitEnd(limit))
            return program.Wait().ShellCode;
        program.Kill();
        program.Wait();
        return null;
    }

    /// <summary>The plan as text; nothing is changed and nothing needs to be mounted.</summary>
    public IReadOnlyList<string> Describe()
    {
        using var plan = InitPlan.Build(Settings(null));
        return [.. plan.Plan.Describe()];
    }

    // What the parts write into the container's files does not fail for a disk that the container has filled.
    private void Prepare(UndoStack undo)
    {
        foreach (var part in ContainerParts.All)
            part.Prepare(container, undo);
        ContainerQuota.TurnOn(container);
    }

    private void RequireStartable(StartRequest request)
    {
        if (container.IsRunning)
            throw new InsulaException(ExitCode.Running, "Container is already running");
        if (!request.Force && container.Config.Get(GeneralParameters.Disabled))
            throw new InsulaException(ExitCode.StartDisabled, "Container start disabled", "start it with --force, or enable it with: vzctl set --disabled no --save");
        MountOperation.RequirePrivateArea(container);
        if (container.Config.BadValues() is [var bad, ..])
            throw new InsulaException(ExitCode.InvalidConfig, bad.ToString());
        RequiredParameters.Demand(container.Config);
        IdRangeGrant.Ensure(container);
    }

    private void RequireInit()
    {
        using var files = container.OpenFiles();
        TemplateCheck.RequireBootable(files);
    }

    // `meanwhile` is done while the process goes the rest of its way, `then` when its program runs.
    private void Launch(UndoStack undo, Func<InitSettings, InitSettings> adapt, Action meanwhile, Action<LaunchedProcess> then)
    {
        using var daemon = new DaemonClient(container.Engine).HoldForStart();
        using var tree = container.Storage.OpenContainerRoot(container.StoragePaths);
        var devices = Devices.DeviceDirectory.OpenNodes(container);
        var settings = Settings(tree);
        using var handover = settings.VirtualFiles is null ? null : ListenerHandover.TryBegin(container);
        using var quota = handover is null ? null : QuotaView.TryOpen(container);
        using var plan = InitPlan.Build(adapt(settings) with
        {
            DeviceNodes = quota is null ? devices : [.. devices, (quota.Device, quota.Node)],
            Quota = quota?.Tree,
            SystemCallFilter = ContainerIsolation.Filter(container, asks: handover != null),
            HasListener = handover != null,
        });
        using var child = StartChild(plan, ProcessBounds.NamespaceTerms(container));
        var running = false;
        try
        {
            Guard(() =>
            {
                foreach (var part in ContainerParts.All)
                    part.Begin(container, child.PidFd, undo);
                plan.Counted?.Open();
                container.Ids.WriteFor(child.Pid);
                if (plan.ClocksSettable != null)
                {
                    child.Await(plan.ClocksSettable);
                    TimeNamespace.StartClocks(child.Pid);
                }
                plan.Mapped.Open();
                Apply(child, undo);
                plan.Gate.Open();
                meanwhile();
                if (plan.Listener is { } listener)
                    HandOver(child, listener, handover!);
                if (plan.Ready != null)
                {
                    child.Await(plan.Ready);
                    if (_scripts.RunAtStart)
                        _scripts.Start(child.PidFd);
                    MountOperation.Scripts(container, child.PidFd).Run(ActionMoment.Start, container.Ctid);
                    plan.InitGate!.Open();
                }
                child.AwaitExec();
                then(child);
            });
            running = true;
        }
        finally
        {
            if (!running)
            {
                // Nobody is to take it for a container that ran and crashed.
                container.Engine.Runtime.ForgetInit(container.Ctid);
                child.KillAndReap();
            }
            foreach (var (_, node) in devices)
                node.Dispose();
        }
    }

    private static void HandOver(LaunchedProcess child, FilterListener listener, ListenerHandover handover)
    {
        using var descriptor = listener.Take(child, () => child.PidFd);
        listener.LetGo();
        handover.Complete(descriptor);
    }

    private void Apply(LaunchedProcess child, UndoStack undo)
    {
        try
        {
            foreach (var part in ContainerParts.All)
                part.Apply(container, child.PidFd, undo);
            container.Engine.Runtime.Save(container.Ctid, child.PidFd);
        }
        catch (Exception error) when (error is LinuxException or InsulaException && child.PidFd.HasEnded)
        {
            // It makes its mounts at the same time. If one failed, its own report says more than that it is gone.
            child.AwaitExec();
            throw;
        }
    }

    private static LaunchedProcess StartChild(InitPlan plan, UserNamespaceTerms terms)
    {
        try
        {
            // Only a process whose memory nobody shares may enter a time namespace.
            return Launcher.Start(plan.Plan, InitPlan.Namespaces, ownMemory: plan.ClocksSettable != null, terms: terms);
        }
        catch (LinuxException error)
        {
            var hint = error.Errno is Errno.ENOSPC or Errno.EPERM ? "see what this host offers: insula check" : error.Hint;
            throw new InsulaException(ExitCode.CreateEnvironment, error.Message, hint, error);
        }
    }

    // A step of the plan that fails is a failure to create the environment (7), whatever the step was.
    private void Guard(Action launch)
    {
        try
        {
            launch();
        }
        catch (LinuxException error)
        {
            throw new InsulaException(ExitCode.CreateEnvironment, $"Unable to start CT {container.Ctid}: {error.Message}", error.Hint, error);
        }
    }

    // Debian and all others with systemd have /sbin/init -> /lib/systemd/systemd. A dry run of an unmounted container shows it with systemd.
    private bool IsSystemd()
    {
        if (!container.IsMounted)
            return true;
        using var files = container.OpenFiles();
        return files.TryReadLink("sbin/init") is { } target && Path.GetFileName(target) == "systemd";
    }

    private InitSettings Settings(FileDescriptor? tree)
    {
        var last = CapabilitySet.ReadLast();
        return new InitSettings
        {
            Root = container.Root,
            RootTree = tree,
            StopBeforeInit = _scripts.RunAtStart || MountOperation.HostScripts(container).HasScripts(ActionMoment.Start, container.Ctid),
            HostName = container.HostName,
            Capabilities = ContainerIsolation.Capabilities(container, last),
            LastCapability = last,
            SystemCallFilter = ContainerIsolation.Filter(container, asks: false),
            IsSystemd = IsSystemd(),
            IsCounted = container.Engine.Bpf.CountsAnything,
            TimeNamespace = ContainerIsolation.HasTimeNamespace(container),
            HasCgroup2 = container.Group.World.Unified != null,
            // A dry run starts nothing.
            VirtualFiles = tree is null ? null : new DaemonClient(container.Engine).FilesOf(container.Ctid),
            MaxTerminals = TerminalBound.MaximumOf(container),
            SharedMemorySize = SharedMemoryBound.SizeOf(container),
            Limits = ProcessBounds.Of(container),
        };
    }
}
