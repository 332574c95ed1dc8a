using Insula.Engine.ActionScripts;
using Insula.Engine.Containers;
using Insula.Engine.Isolation;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Parts;
using Insula.Linux.Cgroups;
using Insula.Linux.Launch;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Operations;

/// <summary>`vzctl start`: from files on disk to a running init.</summary>
internal sealed class StartOperation(ContainerContext container)
{
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
            RequireInit();
            foreach (var part in ContainerParts.All)
                part.Prepare(container, undo);
            Launch(undo);
            undo.Commit();
        }
        Reporter.Info("Container start in progress...");
        if (request.Wait)
            new StartWait(container).UntilDefaultState();
    }

    /// <summary>The plan as text; nothing is changed and nothing needs to be mounted.</summary>
    public IReadOnlyList<string> Describe()
    {
        using var plan = InitPlan.Build(Settings(null));
        return [.. plan.Plan.Describe()];
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
        RequireBeancounters();
        new IdRangeAllocator(container.Engine.Store).Validate(container.Ctid, new IdRange(container.Ids.UidBase, container.Ids.GidBase));
    }

    private void RequireBeancounters()
    {
        var missing = RequiredParameters.Missing(container.Config);
        if (missing.Count > 0)
        {
            throw new InsulaException(
                ExitCode.NotEnoughBeancounters,
                $"Required parameters are not set in the configuration of CT {container.Ctid}: {string.Join(' ', missing.Select(parameter => parameter.Key))}",
                "give it a memory limit: vzctl set CTID --ram 512M --swap 1G --save");
        }
    }

    private void RequireInit()
    {
        using var files = container.OpenFiles();
        foreach (var (path, _) in InitSettings.StandardInit)
        {
            if (files.Exists(path.TrimStart('/')))
                return;
        }
        throw new InsulaException(ExitCode.BadTemplate, $"CT {container.Ctid} has none of {string.Join(", ", InitSettings.StandardInit.Select(init => init.Path))}");
    }

    private void Launch(UndoStack undo)
    {
        using var tree = container.Storage.OpenContainerRoot(container.StoragePaths);
        using var plan = InitPlan.Build(Settings(tree));
        using var child = StartChild(plan);
        var running = false;
        try
        {
            Guard(() =>
            {
                container.Ids.WriteFor(child.Pid);
                foreach (var part in ContainerParts.All)
                    part.Apply(container, child.PidFd, undo);
                container.Engine.Runtime.Save(container.Ctid, child.PidFd);
                plan.Gate.Open();
                if (plan.Ready != null)
                {
                    child.Await(plan.Ready);
                    new ContainerScripts(container).Run(ContainerAction.Start, child.PidFd);
                    plan.InitGate!.Open();
                }
                child.AwaitExec();
            });
            running = true;
        }
        finally
        {
            if (!running)
                child.KillAndReap();
        }
    }

    private static LaunchedProcess StartChild(InitPlan plan)
    {
        try
        {
            return Launcher.Start(plan.Plan, InitPlan.Namespaces);
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

    private InitSettings Settings(FileDescriptor? tree)
    {
        var last = CapabilitySet.ReadLast();
        return new InitSettings
        {
            Root = container.Root,
            RootTree = tree,
            StopBeforeInit = new ContainerScripts(container).Exists(ContainerAction.Start),
            HostName = container.HostName,
            Capabilities = ContainerIsolation.Capabilities(container, last),
            LastCapability = last,
            SystemCallFilter = ContainerIsolation.Filter(),
            HasCgroup2 = container.Group.World.Unified != null,
            DeviceNodes = Devices.DeviceDirectory.SourcesOf(container),
            MaxTerminals = container.Config.TryGet(BeancounterParameters.NumPty, out var terminals) ? (int)Math.Min(terminals.Limit, 4096) : 0,
        };
    }
}
