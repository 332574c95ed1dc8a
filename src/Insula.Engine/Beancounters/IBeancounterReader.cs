using Insula.Engine.Containers;

namespace Insula.Engine.Beancounters;

/// <summary>Reads beancounters.</summary>
public interface IBeancounterReader
{
    /// <summary>One account; null for a container that does not run.</summary>
    Beancounter? Read(Ctid ctid);

    /// <summary>The host's and those of all running containers, by number.</summary>
    IReadOnlyList<Beancounter> ReadAll();
}
