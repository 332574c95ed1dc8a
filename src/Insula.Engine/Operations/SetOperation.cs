using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Host;
using Insula.Engine.Network.Firewall;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Engine.Parts;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Operations;

/// <summary>`vzctl set`: applies first, saves second; if anything cannot be applied nothing is saved and what was applied is taken back.</summary>
internal sealed class SetOperation(EngineContext engine, Ctid ctid, SetRequest request)
{
    private IReporter Reporter => engine.Reporter;

    /// <summary>Sets. The caller holds the container's lock.</summary>
    /// <returns>True if the container is to be restarted (--setmode restart).</returns>
    public bool Run()
    {
        engine.SkipAddressDetection |= request.SkipAddressDetection;
        var changes = OptionParser.Parse(request.Options, onCreate: false, Reporter);
        if (request.ApplySample is { } sample)
            new SampleChanges(engine, ctid).AddTo(changes, sample);
        // The host is there without a file.
        var stored = engine.Store.TryLoad(ctid) ?? (request.Save || ctid.IsHost ? engine.Store.CreateEmpty(ctid) : engine.Store.Load(ctid));
        var container = new ContainerContext(engine, stored);
        InterfaceOptions.Complete(container, changes);
        // Until it is saved: two containers must not get the same port, nor a rule an address set that is just being removed.
        using var settings = changes[FirewallParameters.Forwards] is null && changes[FirewallParameters.Rules] is null ? null : FirewallLock.OfSettings(engine.Layout);
        if (request.ResetBeancounters)
            return ResetBeancounters(container);
        if (ctid.IsHost)
            return SetHost(stored, changes);
        Check(changes, container);
        using var init = engine.Runtime.TryOpenInit(ctid);
        if (init == null)
        {
            ApplyStopped(container, changes);
            Save(stored, changes, running: false);
            return false;
        }
        var waiting = RestartOnly(changes);
        if (waiting.Count > 0 && request.Mode == "ignore")
            throw new InsulaException(ExitCode.Running, "Some parameters cannot be changed on a running container", "use --setmode restart, or stop it first");
        if (waiting.Count > 0 && request.Mode == null)
            TellWaiting(waiting);
        Apply(container, init, changes);
        Save(stored, changes, running: true);
        // Not before: it is saving that finds out whether a name is free.
        if (changes[GeneralParameters.Name] != null)
            NamesPart.Publish(new ContainerContext(engine, AppliedConfig.Load(engine, stored)));
        return waiting.Count > 0 && request.Mode == "restart";
    }

    private bool SetHost(ContainerConfig stored, ParameterChanges changes)
    {
        foreach (var change in changes.Changes)
        {
            if (!change.Parameter.ForHost)
                throw new InsulaException(ExitCode.BadValue, $"--{change.Parameter.Options[0].Name} cannot be set for CT 0, the host");
        }
        using var undo = engine.NewUndo();
        if (changes[CpuParameters.CpuUnits] is { } cpuUnits && cpuUnits.TryGet(CpuParameters.CpuUnits, out var units))
            ApplyHostCpu(units, undo);
        Save(stored, changes, running: true);
        undo.Commit();
        return false;
    }

    private void ApplyHostCpu(long units, UndoStack undo)
    {
        var cpu = new HostCpu(engine, new Systemctl());
        var before = cpu.ConfiguredUnits();
        undo.Push("set the CPU weight of the host back", () => cpu.Apply(before));
        if (!cpu.Apply(units))
            Reporter.Warning("The CPU weight of the host takes effect when the first container starts");
    }

    // What the file says of the beancounters in force is put into force again, whatever was set since without --save.
    private bool ResetBeancounters(ContainerContext container)
    {
        if (request.Options.Count > 0 || request.Save || request.ApplySample != null)
            throw new InsulaException(ExitCode.BadSyntax, "--reset_ub must be the only option");
        using var init = container.OpenInit();
        var changes = new ParameterChanges();
        foreach (var parameter in BeancounterParameters.Resources.Where(resource => !resource.StoredOnly))
            changes.Set(parameter, container.Config.Get(parameter, new BarrierLimit(BarrierLimit.Unlimited)));
        Apply(container, init, changes);
        return false;
    }

    private void Check(ParameterChanges changes, ContainerContext container)
    {
        if (request.Mode == "restart" && !request.Save)
            throw new InsulaException(ExitCode.BadSyntax, "--setmode restart needs --save");
        foreach (var change in changes.Changes)
        {
            if (change.Parameter.NeedsSave && !request.Save)
            {
                throw new InsulaException(
                    ReferenceEquals(change.Parameter, GeneralParameters.Name) ? ExitCode.SetName : ExitCode.BadSyntax,
                    $"--{change.Parameter.Options[0].Name} needs --save");
            }
            if (change.Parameter.Change == ChangeMoment.Stopped && (container.IsRunning || container.Config.TryPeek(GeneralParameters.Root, out _) && container.IsMounted))
                throw new InsulaException(ExitCode.Running, $"Unable to set {change.Parameter.Options[0].Name} on a running or mounted container");
        }
        CheckImage(changes, container);
        if (changes[CpuParameters.NodeMask] != null && changes[CpuParameters.CpuMask] == null)
            throw new InsulaException(ExitCode.BadValue, "--nodemask needs --cpumask");
        var after = Copy(container.Config);
        after.Apply(changes);
        if (changes[BeancounterParameters.PhysPages] != null && VswapRules.LacksSwap(Bounds(after, BeancounterParameters.PhysPages), Bounds(after, BeancounterParameters.SwapPages)))
            throw new InsulaException(ExitCode.NotEnoughBeancounters, "Memory is limited but swap is not set", "give --swap as well, 0 for none");
        if (after.Get(CpuParameters.CpuMask) == "auto" && after.Get(CpuParameters.NodeMask) == "all" && changes[CpuParameters.CpuMask] != null)
            throw new InsulaException(ExitCode.BadValue, "--cpumask auto needs --nodemask");
        if (changes[CpuParameters.CpuLimit] != null || changes[CpuParameters.CpuBurst] != null)
            CpuParameters.RequireBurstWithinLimit(after);
    }

    // To resize an image is nothing that could be taken back when the container stops.
    private void CheckImage(ParameterChanges changes, ContainerContext container)
    {
        if (request.OfflineResize && changes[DiskParameters.DiskSpace] == null)
            throw new InsulaException(ExitCode.BadValue, "--offline-resize needs --diskspace");
        if (request.OfflineResize && (container.IsRunning || container.IsMounted))
            throw new InsulaException(ExitCode.BadValue, "--offline-resize needs a container that is stopped and not mounted");
        if (changes[DiskParameters.DiskSpace] != null && !request.Save && container.Storage is Storage.ImageLayout)
            throw new InsulaException(ExitCode.BadSyntax, "--diskspace of a container of layout image needs --save");
    }

    private static BarrierLimit? Bounds(ContainerConfig config, ParameterDeclaration<BarrierLimit> parameter)
        => config.TryGet(parameter, out var value) ? value : null;

    private ContainerConfig Copy(ContainerConfig config) => new(ctid, config.File.CopyTo(config.File.Name), engine.Global.File);

    private static List<ParameterDeclaration> RestartOnly(ParameterChanges changes)
        => [.. changes.Changes.Where(change => change.Parameter.Change == ChangeMoment.Restart).Select(change => change.Parameter)];

    private void TellWaiting(List<ParameterDeclaration> parameters)
    {
        foreach (var parameter in parameters)
            Reporter.Error($"Unable to set {parameter.Options[0].Name} on a running container");
        Reporter.Error("WARNING: Some of the parameters could not be applied to a running container; they take effect at the next start");
    }

    private void ApplyStopped(ContainerContext container, ParameterChanges changes)
    {
        var wanted = Copy(container.Config);
        wanted.Apply(changes);
        var after = new ContainerContext(engine, wanted);
        Guard(changes, undo =>
        {
            foreach (var part in PartsOf(changes))
                part.UpdateStopped(after, container, changes, undo);
        });
        SetPassword(container, changes);
    }

    private void SetPassword(ContainerContext container, ParameterChanges changes)
    {
        if (changes[GeneralParameters.UserPassword] is not { } change || !change.TryGet(GeneralParameters.UserPassword, out var password))
            return;
        var scripts = new DistributionScripts(container);
        if (scripts.Has(Distributions.Scripts.DistributionAction.SetUserPassword))
        {
            scripts.SetPasswordOfStopped(password);
            return;
        }
        using var undo = engine.NewUndo();
        if (!container.IsMounted)
        {
            IdRangeGrant.Ensure(container);
            MountOperation.Mount(container, undo);
            SettingsPart.SetPassword(container, password);
            Quotas.ContainerQuota.TurnOn(container);
            undo.Commit();
            MountOperation.Unmount(container);
            return;
        }
        SettingsPart.SetPassword(container, password);
    }

    private void Apply(ContainerContext container, PidFd init, ParameterChanges changes)
    {
        var applied = AppliedConfig.Load(engine, container.Config);
        var before = new ContainerContext(engine, applied);
        var wanted = Copy(applied);
        // What waits for a restart is not in force, and is not to be told as if it were.
        wanted.Apply(changes.Live());
        var after = new ContainerContext(engine, wanted);
        var done = Guard(changes, undo =>
        {
            foreach (var part in PartsOf(changes))
                part.Update(after, before, init, changes, undo);
        });
        if (!done)
            return;
        AppliedConfig.Save(engine, wanted);
        if (changes.Changes.Any(change => change.Parameter.Group is ParameterGroup.Beancounters or ParameterGroup.Memory))
            Reporter.Info("UB limits were set successfully");
    }

    private static IEnumerable<ContainerPart> PartsOf(ParameterChanges changes)
        => ContainerParts.All.Where(part => part.Parameters.Any(parameter => changes[parameter] != null));

    // Everything is applied or, with the undo steps, nothing. False: nothing, and --force wants it saved all the same.
    private bool Guard(ParameterChanges changes, Action<UndoStack> apply)
    {
        using var undo = engine.NewUndo();
        try
        {
            apply(undo);
            undo.Commit();
            return true;
        }
        catch (Exception error) when (error is InsulaException or LinuxException && request is { Save: true, Force: true })
        {
            Reporter.Error(error.Message);
            return false;
        }
        catch (Exception error) when (error is InsulaException or LinuxException)
        {
            if (request.Save)
                Reporter.Error("Error: failed to apply some parameters, not saving configuration file!");
            throw error as InsulaException ?? new InsulaException(CodeFor(changes), error.Message, (error as LinuxException)?.Hint, error);
        }
    }

    private static ExitCode CodeFor(ParameterChanges changes) => changes.Changes[0].Parameter.Group switch
    {
        ParameterGroup.Beancounters or ParameterGroup.Memory => ExitCode.SetBeancounter,
        ParameterGroup.Cpu => ExitCode.SetCpu,
        ParameterGroup.Devices => ExitCode.SetDevices,
        ParameterGroup.Io => ExitCode.SetIo,
        ParameterGroup.Disk => ExitCode.QuotaSetLimit,
        _ => ExitCode.SystemError,
    };

    private void Save(ContainerConfig stored, ParameterChanges changes, bool running)
    {
        var onlySecret = changes.Changes.All(change => change.Parameter.NeverSaved);
        if (!request.Save)
        {
            if (!onlySecret)
            {
                // OpenVZ's own words, which programs look for at the beginning of a line.
                Reporter.Error(running
                    ? "WARNING: Settings were not saved to config and will be lost after CT restart (use --save flag)"
                    : "WARNING: Settings were not saved to config (use --save flag)");
            }
            return;
        }
        if (stored.Apply(changes).Count == 0)
        {
            Reporter.Info("No changes in CT configuration, not saving");
            return;
        }
        engine.Store.Save(stored);
        Reporter.Info($"CT configuration saved to {engine.Store.ConfigPath(ctid)}");
    }
}
