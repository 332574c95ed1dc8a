using Insula.Engine.Beancounters;
using Insula.Engine.Configuration;

namespace Insula.Engine.Planning;

/// <summary>The account that a container would have if it were started: nothing held, and the bounds of its configuration.</summary>
public static class ConfiguredBeancounter
{
    /// <summary>Of a configuration.</summary>
    public static Beancounter Of(ContainerConfig config) => new(config.Ctid, [.. BeancounterResources.All.Select(resource =>
    {
        var bounds = BeancounterBounds.Of(config, resource);
        return new BeancounterReading(resource, 0, 0, bounds.Barrier, bounds.Limit, 0);
    })]);
}
