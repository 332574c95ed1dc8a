using Insula.Engine.Containers;

namespace Insula.Engine.Network.Traffic;

/// <summary>What an administrator asks about the containers' traffic.</summary>
public interface ITrafficEngine
{
    /// <summary>The container that a number or a name means.</summary>
    /// <exception cref="InsulaException">21: neither a number nor a known name.</exception>
    Ctid Resolve(string idOrName);

    /// <summary>What has passed of each container that has been counted, by number.</summary>
    IReadOnlyList<(Ctid Ctid, TrafficTable Traffic)> ReadAll();

    /// <summary>What has passed of one; nothing for one that has not been counted.</summary>
    TrafficTable Read(Ctid ctid);

    /// <summary>Counts a container from 0 again; null: all of them.</summary>
    void Reset(Ctid? ctid);

    /// <summary>The classes of networks in force, the widest networks first.</summary>
    IReadOnlyList<NetworkClass> Classes();

    /// <summary>Puts the classes of a file into force; null: those of conf/networks_classes.</summary>
    /// <exception cref="InsulaException">85: a line is wrong. 81: there is no such file.</exception>
    void LoadClasses(string? file);

    /// <summary>Puts everything into class 1.</summary>
    void UnloadClasses();
}
