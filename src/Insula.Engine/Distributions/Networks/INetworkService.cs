namespace Insula.Engine.Distributions.Networks;

/// <summary>
/// A program that brings a container's interfaces up, and the files it does that by. Each keeps what it does not own, changes nothing when
/// things are as they should be, and tells whether it wrote anything.
/// </summary>
internal interface INetworkService
{
    /// <summary>What it is called: <c>ifupdown</c>.</summary>
    string Name { get; }

    /// <summary>Whether the container has it, and runs it.</summary>
    ServiceState Look(ContainerFiles files);

    /// <summary>Brings its files to these interfaces; what it wrote for others before goes. Each of the list has something to configure.</summary>
    bool Set(ContainerFiles files, IReadOnlyList<InterfaceSettings> interfaces);

    /// <summary>Takes out what it once wrote, for a container that uses another service now.</summary>
    bool Clear(ContainerFiles files);
}
