using Insula.Engine.Containers;
using Insula.Engine.Names;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Processes;

namespace Insula.Engine.Parts;

/// <summary>The name that the host, and containers of the same group, find a container by.</summary>
public sealed class NamesPart : ContainerPart
{
    /// <inheritdoc/>
    public override IReadOnlyList<ParameterDeclaration> Parameters { get; } = [NetworkParameters.NameGroup, .. InsideInterfaces.Parameters];

    /// <inheritdoc/>
    public override void Apply(ContainerContext container, PidFd init, UndoStack undo)
    {
        undo.Push("take back the name", () => Release(container));
        Publish(container);
    }

    /// <inheritdoc/>
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
    {
        undo.Push("publish the old name", () => Publish(before));
        Publish(container);
    }

    /// <inheritdoc/>
    public override void Release(ContainerContext container) => new NameBook(container.Engine).Withdraw(container.Ctid);

    /// <summary>Publishes what the configuration says, in a running container.</summary>
    public static void Publish(ContainerContext container)
    {
        container.Config.TryGet(NetworkParameters.NameGroup, out var group);
        var addresses = InsideInterfaces.Of(container).SelectMany(link => link.Addresses).Select(prefix => prefix.Address);
        new NameBook(container.Engine).Publish(container, group ?? "", [.. addresses]);
    }
}
