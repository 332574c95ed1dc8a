using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;

namespace Insula.Engine.Operations;

/// <summary>`vzctl set --applyconfig`: the parameters of a sample, without those that make a container the one it is.</summary>
internal sealed class SampleChanges(EngineContext engine, Ctid ctid)
{
    private static readonly ParameterDeclaration[] Kept =
    [
        NetworkParameters.HostName, NetworkParameters.Addresses, GeneralParameters.OsTemplate, GeneralParameters.Root, GeneralParameters.Private,
        GeneralParameters.Name, GeneralParameters.Description,
    ];

    /// <summary>Adds the sample's values to a command's changes; what the command itself says of a parameter counts.</summary>
    /// <exception cref="InsulaException">109: there is no such sample, or it has a bad value.</exception>
    public void AddTo(ParameterChanges changes, string sample)
    {
        foreach (var parameter in ParameterCatalog.All)
        {
            if (Kept.Contains(parameter) || parameter.NeverSaved || parameter.Change == ChangeMoment.CreateOnly || changes[parameter] != null)
                continue;
            if (Load(sample).File.Get(parameter.Key) is { Length: > 0 } text)
                changes.AddStored(parameter, text);
        }
    }

    private ContainerConfig? _loaded;

    private ContainerConfig Load(string sample)
    {
        try
        {
            return _loaded ??= engine.Store.CreateFromSample(ctid, sample);
        }
        catch (InsulaException error)
        {
            throw new InsulaException(ExitCode.ApplyConfig, $"Sample {sample} cannot be applied: {error.Message}", error.Hint, error);
        }
    }
}
