using Insula.Engine.Beancounters;
using Insula.Engine.Parameters;

namespace Insula.Engine.Containers.Listing;

/// <summary>What the beancounters of running containers tell. A list that shows one column costs one row each.</summary>
/// <param name="engine">Whose containers.</param>
public sealed class AccountUsage(EngineContext engine) : IContainerUsage
{
    private readonly BeancounterReader _reader = new(engine);
    private HostSnapshot? _snapshot;
    private (Ctid Ctid, OpenBeancounter? Account) _last;

    /// <inheritdoc/>
    public ResourceUsage ReadResource(Ctid ctid, ParameterDeclaration resource)
    {
        if (Row(ctid, resource) is not { } row)
            return default;
        return new ResourceUsage(row.Held, row.MaxHeld, row.FailCount);
    }

    /// <inheritdoc/>
    public BarrierLimit? ReadBounds(Ctid ctid, ParameterDeclaration resource)
        => Row(ctid, resource) is { } row ? new BarrierLimit(row.Barrier, row.Limit) : null;

    /// <inheritdoc/>
    public LoadAverage? ReadLoadAverage(Ctid ctid) => null;

    /// <inheritdoc/>
    public DiskUsage? ReadDisk(Ctid ctid) => DiskUsageReader.Read(engine, ctid);

    private BeancounterReading? Row(Ctid ctid, ParameterDeclaration parameter)
    {
        if (BeancounterResources.Of(parameter) is not { } resource)
            return null;
        if (_last.Account is null || _last.Ctid != ctid)
            _last = (ctid, _reader.Open(ctid, _snapshot ??= _reader.NewSnapshot()));
        return _last.Account?.TryReadRow(resource);
    }
}
