using Insula.Engine.Containers;

namespace Insula.Engine.Network.Traffic;

/// <inheritdoc cref="ITrafficEngine"/>
/// <param name="engine">The host's containers.</param>
public sealed class TrafficEngine(EngineContext engine) : ITrafficEngine
{
    private readonly LoadedClasses _loaded = new(engine.Layout);

    /// <inheritdoc/>
    public Ctid Resolve(string idOrName) => engine.Store.Find(idOrName);

    /// <inheritdoc/>
    public IReadOnlyList<(Ctid Ctid, TrafficTable Traffic)> ReadAll() => engine.Traffic.Store.ReadAll();

    /// <inheritdoc/>
    public TrafficTable Read(Ctid ctid) => engine.Traffic.Store.Read(ctid);

    /// <inheritdoc/>
    public void Reset(Ctid? ctid)
    {
        if (ctid is { } named && !engine.Store.Exists(named))
            throw new InsulaException(ExitCode.BadValue, $"There is no CT {named}");
        engine.Traffic.Reset(ctid is { } one ? [one] : [.. ReadAll().Select(entry => entry.Ctid)]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<NetworkClass> Classes() => engine.Traffic.ClassesInForce() ?? NetworkClasses.InOrder(_loaded.Read());

    /// <inheritdoc/>
    public void LoadClasses(string? file)
    {
        if (file is not null && !File.Exists(file))
            throw new InsulaException(ExitCode.SetAccount, $"There is no file {file}");
        var classes = NetworkClasses.Read(file ?? NetworkClasses.FileOf(engine.Layout));
        // First into force, then kept for who counts first after a pause.
        engine.Traffic.LoadClasses(classes);
        if (file is null)
            _loaded.Forget();
        else
            _loaded.Keep(classes);
    }

    /// <inheritdoc/>
    public void UnloadClasses()
    {
        engine.Traffic.LoadClasses([]);
        _loaded.Keep([]);
    }
}
