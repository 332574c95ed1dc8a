using Insula.Engine.Configuration;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Planning.Validation;

/// <summary>The bounds of a configuration while it is checked and repaired.</summary>
internal sealed class BoundsInHand
{
    private readonly Dictionary<ParameterDeclaration<BarrierLimit>, BarrierLimit> _bounds = [];

    public BoundsInHand(ContainerConfig config)
    {
        foreach (var parameter in All)
        {
            if (config.TryPeek(parameter, out var value))
                _bounds[parameter] = value;
        }
    }

    /// <summary>A parameter's bounds; the caller knows that it has some.</summary>
    public BarrierLimit this[ParameterDeclaration<BarrierLimit> parameter]
    {
        get => _bounds[parameter];
        set => _bounds[parameter] = value;
    }

    /// <summary>Processes there are on average; half of those there may be, if it is not said.</summary>
    public long AverageProcesses
        => Has(BeancounterParameters.AvNumProc) ? this[BeancounterParameters.AvNumProc].Barrier : this[BeancounterParameters.NumProc].Barrier / 2;

    /// <summary>True if the configuration gives the parameter a value that can be read.</summary>
    public bool Has(ParameterDeclaration<BarrierLimit> parameter) => _bounds.ContainsKey(parameter);

    private static IEnumerable<ParameterDeclaration<BarrierLimit>> All
        => [.. BeancounterParameters.Resources, BeancounterParameters.AvNumProc, DiskParameters.DiskSpace, DiskParameters.DiskInodes];
}
