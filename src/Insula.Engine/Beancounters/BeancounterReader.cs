using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Operations;

namespace Insula.Engine.Beancounters;

/// <summary>Reads beancounters from the kernel. Starts no program.</summary>
/// <param name="engine">Where containers, groups and run-time files are.</param>
public sealed class BeancounterReader(EngineContext engine) : IBeancounterReader
{
    /// <inheritdoc/>
    public Beancounter? Read(Ctid ctid)
    {
        var snapshot = NewSnapshot();
        return ctid.IsHost ? ReadHost(AccountsOfAll(snapshot), snapshot) : Open(ctid, snapshot) is { } open ? Whole(ctid, open) : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Beancounter> ReadAll()
    {
        var snapshot = NewSnapshot();
        var accounts = AccountsOfAll(snapshot);
        var all = new List<Beancounter> { ReadHost(accounts, snapshot) };
        foreach (var account in accounts)
        {
            if (Whole(account.Ctid, Open(account)) is { } beancounter)
                all.Add(beancounter);
        }
        return all;
    }

    /// <summary>What is read once for all containers.</summary>
    internal HostSnapshot NewSnapshot() => new(engine.Bpf);

    /// <summary>The account of a running container, to be read row by row; null if it does not run.</summary>
    internal OpenBeancounter? Open(Ctid ctid, HostSnapshot snapshot) => AccountOf(ctid, snapshot) is { } account ? Open(account) : null;

    private OpenBeancounter Open(ContainerAccount account) => new(
        account, AppliedTo(account.Ctid), new KeptPeaks(Path.Combine(engine.Runtime.DirectoryOf(account.Ctid), KeptPeaks.FileName)));

    private Beancounter ReadHost(List<ContainerAccount> accounts, HostSnapshot snapshot)
    {
        var peaks = new KeptPeaks(Path.Combine(engine.Layout.RunDirectory, KeptPeaks.HostFileName), create: true);
        return new Beancounter(Ctid.Host, new OpenBeancounter(new HostAccount(accounts, snapshot), null, peaks).ReadAll());
    }

    private static Beancounter? Whole(Ctid ctid, OpenBeancounter open) => open.TryReadAll() is { } rows ? new Beancounter(ctid, rows) : null;

    private List<ContainerAccount> AccountsOfAll(HostSnapshot snapshot)
    {
        var running = new List<(Ctid Ctid, int Init)>();
        foreach (var ctid in engine.Runtime.Started())
        {
            if (InitOf(ctid) is { } init)
                running.Add((ctid, init));
        }
        var network = new NetworkFigures([.. running.Select(container => container.Init)]);
        return [.. running.Select(container => new ContainerAccount(container.Ctid, engine.Group(container.Ctid), container.Init, snapshot, network))];
    }

    private ContainerAccount? AccountOf(Ctid ctid, HostSnapshot snapshot)
        => InitOf(ctid) is { } init ? new ContainerAccount(ctid, engine.Group(ctid), init, snapshot, new NetworkFigures([init])) : null;

    private int? InitOf(Ctid ctid)
    {
        using var init = engine.Runtime.TryOpenInit(ctid);
        return init?.Pid;
    }

    // A container may run whose file has been lost, or spoilt since.
    private ContainerConfig AppliedTo(Ctid ctid)
    {
        try
        {
            return AppliedConfig.Load(engine, engine.Store.TryLoad(ctid) ?? engine.Store.CreateEmpty(ctid));
        }
        catch (InsulaException)
        {
            return engine.Store.CreateEmpty(ctid);
        }
    }
}
