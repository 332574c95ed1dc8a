using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Quotas;

/// <summary>The quota commands over the mechanisms of this host.</summary>
/// <param name="engine">What every operation works with.</param>
public sealed class QuotaEngine(EngineContext engine) : IQuotaEngine
{
    /// <inheritdoc/>
    public void Initialize(Ctid ctid, QuotaRequest request) => Locked(ctid, container =>
    {
        if (!request.HasAllLimits)
            throw new VzQuotaException(VzQuotaExit.Usage, "Not all limits are given: -b -B -i -I -e and -n are needed");
        RequirePath(container, request, isNeeded: true);
        if (TryFile(ctid) is { IsOn: true })
            throw new VzQuotaException(VzQuotaExit.Running, $"Quota is running for id {ctid} already");
        var quota = Mechanism(container);
        if (quota is not ImageQuota && container.IsRunning)
            throw new VzQuotaException(VzQuotaExit.Running, $"CT {ctid} is running: its files cannot be counted now", "stop it first");
        quota.Prepare();
        Save(container, request.Over(DiskLimits.None), quota.Read(), isOn: false, isDirty: false, request, null);
    });

    /// <inheritdoc/>
    public void Drop(Ctid ctid, bool force) => Locked(ctid, container =>
    {
        if (FileOf(ctid).IsOn && !force)
            throw new VzQuotaException(VzQuotaExit.Running, $"Quota is running for id {ctid}", "turn it off first, or use -f");
        QuotaFile.Delete(engine, ctid);
    });

    /// <inheritdoc/>
    public void TurnOn(Ctid ctid, QuotaRequest request) => Locked(ctid, container =>
    {
        var file = FileOf(ctid);
        RequirePath(container, request, isNeeded: false);
        if (file.IsOn)
            throw new VzQuotaException(VzQuotaExit.Running, $"Quota is running for id {ctid} already");
        var quota = Mechanism(container);
        if ((file.IsDirty || request.Force) && !container.IsRunning)
            quota.Prepare();
        Put(container, quota, file, request);
    });

    /// <inheritdoc/>
    public void TurnOff(Ctid ctid, bool force) => Locked(ctid, container =>
    {
        var file = Running(ctid);
        var state = file.State;
        try
        {
            var quota = Mechanism(container);
            // Limits are noted as they were in force; the kernel's own are gone with the next call.
            state = quota.Read();
            if (quota is not ImageQuota)
                quota.SetLimits(DiskLimits.None);
        }
        catch (InsulaException error) when (force)
        {
            engine.Reporter.Warning(error.Message);
        }
        (file with { IsOn = false, State = WithLimits(state, LimitsOf(file.State)) }).Save(QuotaFile.PathOf(engine, ctid));
    });

    /// <inheritdoc/>
    public void SetLimits(Ctid ctid, QuotaRequest request) => Locked(ctid, container =>
    {
        if (request.IsEmpty && !request.Force)
            throw new VzQuotaException(VzQuotaExit.Usage, "Nothing is given to set");
        var file = FileOf(ctid);
        RequirePath(container, request, isNeeded: false);
        if (file.IsOn)
            Put(container, Mechanism(container), file with { IsDirty = request.Force }, request);
        else
            Save(container, request.Over(LimitsOf(file.State)), file.State, isOn: false, file.IsDirty || request.Force, request, file);
    });

    /// <inheritdoc/>
    public void SetUserLimits(Ctid ctid, QuotaSubject subject, DiskLimits limits)
        => Locked(ctid, container => Users(container).SetLimits(subject.Kind, subject.Id ?? throw new VzQuotaException(VzQuotaExit.Usage, "No user or group is given: -u or -g"), limits));

    /// <inheritdoc/>
    public void SetUserGrace(Ctid ctid, QuotaHolder? kind, long space, long inodes) => Locked(ctid, container =>
    {
        var users = Users(container);
        foreach (var each in kind is { } one ? [one] : new[] { QuotaHolder.User, QuotaHolder.Group })
            users.SetGrace(each, space, inodes);
    });

    /// <inheritdoc/>
    public void ReloadUsers(Ctid ctid) => Locked(ctid, container => Users(container));

    /// <inheritdoc/>
    public QuotaReport Stat(Ctid ctid, bool users, bool note)
    {
        QuotaReport? report = null;
        Guarded(ctid, container =>
        {
            var file = Running(ctid, "vzquota show reads what was noted last");
            var state = Mechanism(container).Read();
            // Where the kernel knows less than was asked for (soft limits of btrfs), what was asked for is shown.
            var whole = WithLimits(state, LimitsOf(file.State));
            if (note)
                (file with { State = whole }).Save(QuotaFile.PathOf(engine, ctid));
            report = Report(container, file with { State = whole }, users);
        });
        return report!;
    }

    /// <inheritdoc/>
    public QuotaReport Show(Ctid ctid, bool users)
    {
        QuotaReport? report = null;
        Guarded(ctid, container => report = Report(container, FileOf(ctid), users));
        return report!;
    }

    private static DiskLimits LimitsOf(QuotaState state)
        => new(state.Space.Soft, state.Space.Hard, state.Inodes.Soft, state.Inodes.Hard, state.Space.Grace, state.Inodes.Grace);

    private static QuotaState WithLimits(QuotaState usage, DiskLimits limits) => new(
        usage.Space with { Soft = limits.SoftKiB, Hard = limits.HardKiB, Grace = limits.SpaceGrace },
        usage.Inodes with { Soft = limits.SoftInodes, Hard = limits.HardInodes, Grace = limits.InodeGrace });

    private static QuotaReport Report(ContainerContext container, QuotaFile file, bool users)
    {
        var grace = new List<(QuotaHolder, long, long)>();
        var list = new List<(QuotaHolder, uint, QuotaState)>();
        var on = users && UserQuota.IsOn(container);
        foreach (var kind in on ? new[] { QuotaHolder.User, QuotaHolder.Group } : [])
        {
            var quota = new UserQuota(container);
            var (space, inodes) = quota.ReadGrace(kind);
            grace.Add((kind, space, inodes));
            foreach (var (id, state) in quota.List(kind))
                list.Add((kind, id, state));
        }
        return new QuotaReport(file.State, file.IsOn, file.UserQuota, on, file.UgidLimit, grace, list);
    }

    private void Put(ContainerContext container, IDiskQuota quota, QuotaFile file, QuotaRequest request)
    {
        var limits = request.Over(LimitsOf(file.State));
        quota.SetLimits(limits);
        Save(container, limits, quota.Read(), isOn: true, file.IsDirty, request, file);
    }

    private void Save(ContainerContext container, DiskLimits limits, QuotaState usage, bool isOn, bool isDirty, QuotaRequest request, QuotaFile? old)
        => new QuotaFile(
            container.Private, isOn, isDirty, WithLimits(usage, limits), request.UserQuota ?? old?.UserQuota ?? false, request.UgidLimit ?? old?.UgidLimit ?? 0)
            .Save(QuotaFile.PathOf(engine, container.Ctid));

    private static void RequirePath(ContainerContext container, QuotaRequest request, bool isNeeded)
    {
        if (request.Path == null && isNeeded)
            throw new VzQuotaException(VzQuotaExit.Usage, "No path is given: -p");
        if (request.Path != null && Path.GetFullPath(request.Path) != container.Private)
            throw new VzQuotaException(VzQuotaExit.Usage, $"{request.Path} is not the private area of CT {container.Ctid}", $"that is {container.Private}");
    }

    private static IDiskQuota Mechanism(ContainerContext container)
    {
        var choice = DiskQuotas.Of(container);
        return choice.Quota ?? throw new VzQuotaException(VzQuotaExit.Kernel, $"CT {container.Ctid} has no disk quota on this host: {choice.WhyNot}");
    }

    private static UserQuota Users(ContainerContext container)
        => UserQuota.WhyOff(container) is { } why
            ? throw new VzQuotaException(VzQuotaExit.UsersInactive, $"User/group quota of CT {container.Ctid} is inactive: {why}")
            : new UserQuota(container);

    private QuotaFile? TryFile(Ctid ctid) => QuotaFile.TryLoad(QuotaFile.PathOf(engine, ctid));

    private QuotaFile FileOf(Ctid ctid)
        => TryFile(ctid) ?? throw new VzQuotaException(
            VzQuotaExit.NoFile, $"There is no quota file {QuotaFile.PathOf(engine, ctid)}", "vzquota init makes it, and so does the container's next start");

    private QuotaFile Running(Ctid ctid, string? hint = null)
        => TryFile(ctid) is { IsOn: true } file ? file : throw new VzQuotaException(VzQuotaExit.NotRunning, $"Quota is not running for id {ctid}", hint);

    private void Locked(Ctid ctid, Action<ContainerContext> action) => Guarded(ctid, container =>
    {
        using (ContainerLock.Take(engine.Layout, ctid, "changing quotas"))
            action(container);
    });

    // Reading takes no lock: scripts around mounting look, too.
    private void Guarded(Ctid ctid, Action<ContainerContext> action)
    {
        try
        {
            action(new ContainerContext(engine, engine.Store.Load(ctid)));
        }
        catch (VzQuotaException)
        {
            throw;
        }
        catch (LinuxException error)
        {
            throw new VzQuotaException(VzQuotaExit.Kernel, error.Message, error.Hint, error);
        }
        catch (InsulaException error)
        {
            throw new VzQuotaException(ExitOf(error.Code), error.Message, error.Hint, error);
        }
    }

    private static VzQuotaExit ExitOf(ExitCode code) => code switch
    {
        ExitCode.Locked => VzQuotaExit.Locked,
        ExitCode.NoContainerConfig or ExitCode.BadValue => VzQuotaExit.Usage,
        ExitCode.InvalidConfig => VzQuotaExit.File,
        ExitCode.QuotaInit or ExitCode.QuotaSetLimit or ExitCode.QuotaUsage or ExitCode.SetUserQuota => VzQuotaExit.Kernel,
        _ => VzQuotaExit.System,
    };
}
