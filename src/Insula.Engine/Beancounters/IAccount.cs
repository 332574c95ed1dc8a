namespace Insula.Engine.Beancounters;

/// <summary>Where the figures of one beancounter come from. Nothing is read before it is asked for, and nothing twice.</summary>
internal interface IAccount
{
    /// <summary>The figures of one resource.</summary>
    ResourceFigures Read(BeancounterResource resource);
}
