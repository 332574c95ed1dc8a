using Insula.Engine.Configuration;
using Insula.Engine.Execution;
using Insula.Engine.Operations;
using Insula.Engine.Quotas;
using Insula.Engine.Serving;
using Insula.Engine.Storage;
using Insula.Engine.Watching;

namespace Insula.Engine.Containers;

/// <summary>The engine: finds the container, takes its lock where something changes, and runs the operation.</summary>
public sealed class ContainerEngine : IContainerEngine
{
    private readonly EngineContext _context;

    /// <param name="global">vz.conf.</param>
    /// <param name="reporter">Where the engine says what it does.</param>
    public ContainerEngine(GlobalConfig global, IReporter reporter)
        : this(new EngineContext(global, reporter))
    {
    }

    /// <param name="context">What every operation works with.</param>
    public ContainerEngine(EngineContext context) => _context = context;

    /// <inheritdoc/>
    public Ctid Resolve(string idOrName) => _context.Store.Find(idOrName);

    /// <inheritdoc/>
    public ContainerStatus GetStatus(Ctid ctid)
    {
        if (_context.Store.TryLoad(ctid) is not { } config)
            return default;
        var container = new ContainerContext(_context, config);
        return new ContainerStatus(Directory.Exists(container.Private), container.IsMounted, container.IsRunning, Suspended: false);
    }

    /// <inheritdoc/>
    public void Create(Ctid ctid, CreateRequest request)
    {
        using (Lock(ctid, "creating"))
        {
            new CreateOperation(_context, ctid, request).Run();
            _context.Events.Note(ctid, EventKind.Create);
        }
    }

    /// <inheritdoc/>
    public void Destroy(Ctid ctid)
    {
        using (Lock(ctid, "destroying"))
            new DestroyOperation(Load(ctid)).Run();
    }

    /// <inheritdoc/>
    public void Mount(Ctid ctid)
    {
        using (Lock(ctid, "mounting"))
        {
            var container = Load(ctid);
            if (container.IsMounted)
            {
                _context.Reporter.Info("Container is already mounted");
                return;
            }
            IdRangeGrant.Ensure(container);
            using var undo = _context.NewUndo();
            MountOperation.Mount(container, undo);
            ContainerQuota.TurnOn(container);
            undo.Commit();
        }
    }

    /// <inheritdoc/>
    public void Unmount(Ctid ctid)
    {
        using (Lock(ctid, "unmounting"))
        {
            var container = Load(ctid);
            if (container.IsRunning)
                throw new InsulaException(ExitCode.Running, "Container is running. Stop it first");
            if (!RootMount.IsMounted(container.Root))
            {
                container.Storage.Unmount(container.Private, container.Root);
                throw new InsulaException(ExitCode.NotMounted, "CT is not mounted");
            }
            if (!Recovery.FinishStop(container))
                MountOperation.Unmount(container);
        }
    }

    /// <inheritdoc/>
    public void Start(Ctid ctid, StartRequest request)
    {
        using (Lock(ctid, "starting"))
            new StartOperation(Load(ctid)).Run(request);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> DescribeStart(Ctid ctid) => new StartOperation(Load(ctid)).Describe();

    /// <inheritdoc/>
    public void Stop(Ctid ctid, StopRequest request)
    {
        using (Lock(ctid, "stopping"))
            new StopOperation(Load(ctid)).Run(request);
    }

    /// <inheritdoc/>
    public void Restart(Ctid ctid, StopRequest stop, StartRequest start)
    {
        using (Lock(ctid, "restarting"))
            Restart(Load(ctid), stop, start);
    }

    /// <inheritdoc/>
    public int Execute(Ctid ctid, ExecuteRequest request)
    {
        var container = Load(ctid);
        using var init = container.OpenInit();
        new DaemonClient(_context).Revive();
        var runner = new ProgramRunner(Applied(container), init);
        return request switch
        {
            { Shell: false } => runner.Run(ProgramRunner.Program(request.Command)),
            { Command: ["-"] } => runner.Run(ProgramRunner.Shell()),
            _ => runner.Run(ProgramRunner.Shell("-c", string.Join(' ', request.Command))),
        };
    }

    /// <inheritdoc/>
    public int Enter(Ctid ctid, EnterRequest request)
    {
        var container = Load(ctid);
        using var init = container.OpenInit();
        new DaemonClient(_context).Revive();
        return new LoginSession(Applied(container), init).Run(request.Type);
    }

    /// <inheritdoc/>
    public void AttachConsole(Ctid ctid, int number)
    {
        new ConsoleSession(Load(ctid), number).Run();
    }

    /// <inheritdoc/>
    public void HoldConsole(Ctid ctid, int number) => new ConsoleHolder(Applied(Load(ctid)), number).Run();

    /// <inheritdoc/>
    public int RunScript(Ctid ctid, string scriptFile)
    {
        using (Lock(ctid, "running a script"))
            return new RunScriptOperation(Load(ctid)).Run(scriptFile);
    }

    /// <inheritdoc/>
    public void Set(Ctid ctid, SetRequest request)
    {
        using (Lock(ctid, "setting parameters"))
        {
            var restart = new SetOperation(_context, ctid, request).Run();
            _context.Events.Note(ctid, EventKind.Set);
            if (restart)
                Restart(Load(ctid), new StopRequest(), new StartRequest());
        }
    }

    /// <inheritdoc/>
    public void InitializeQuota(Ctid ctid)
    {
        using (Lock(ctid, "counting disk usage"))
            new QuotaOperation(Load(ctid)).Initialize();
    }

    /// <inheritdoc/>
    public void TurnQuotaOn(Ctid ctid)
    {
        using (Lock(ctid, "turning the disk quota on"))
            new QuotaOperation(Load(ctid)).TurnOn();
    }

    /// <inheritdoc/>
    public void TurnQuotaOff(Ctid ctid)
    {
        using (Lock(ctid, "turning the disk quota off"))
            new QuotaOperation(Load(ctid)).TurnOff();
    }

    /// <inheritdoc/>
    public IEnumerable<StreamedEvent> ReadEvents(long? since, IReadOnlySet<Ctid> containers)
        => new EventStream(_context.Layout).Read(since, containers);

    private static void Restart(ContainerContext container, StopRequest stop, StartRequest start)
    {
        if (container.IsRunning)
            new StopOperation(container).Run(stop);
        new StartOperation(container).Run(start);
    }

    private ContainerLock? Lock(Ctid ctid, string activity) => _context.SkipLock ? null : ContainerLock.Take(_context.Layout, ctid, activity);

    private ContainerContext Load(Ctid ctid) => new(_context, _context.Store.Load(ctid));

    // A program gets the rights the running container has, not those it will have after a restart.
    private ContainerContext Applied(ContainerContext container) => new(_context, AppliedConfig.Load(_context, container.Config));
}
