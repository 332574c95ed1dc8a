using Insula.Engine.Containers;
using Insula.Engine.Network.Traffic;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Netlink;
using Insula.Linux.Processes;

namespace Insula.Engine.Parts;

/// <summary>What is counted of the container's traffic, and the rates that hold for it. Its links are counted as they are made.</summary>
public sealed class TrafficPart : ContainerPart
{
    /// <inheritdoc/>
    // A container may get its first link with an address or interface.
    public override IReadOnlyList<ParameterDeclaration> Parameters { get; } =
        [TrafficParameters.Rate, TrafficParameters.RateBound, TrafficParameters.Shaping, NetworkParameters.Addresses, NetworkParameters.Interfaces];

    /// <inheritdoc/>
    public override void Prepare(ContainerContext container, UndoStack undo)
    {
        // A rate that cannot be had is told before anything has been started.
        RatePlan.Of(container);
        undo.Push("forget the traffic's links", () => Release(container));
    }

    /// <inheritdoc/>
    public override void Apply(ContainerContext container, PidFd init, UndoStack undo)
    {
        container.Engine.Traffic.SetAddresses(container.Ctid, [], AddressesOf(container));
        if (HasLink(container))
            container.Engine.Traffic.SetRates(container.Ctid, RatePlan.None, RatePlan.Of(container));
    }

    /// <inheritdoc/>
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
    {
        var (old, wanted) = (PlanBefore(before), RatePlan.Of(container));
        var (oldAddresses, addresses) = (AddressesOf(before), AddressesOf(container));
        if (changes[TrafficParameters.Rate] != null && !container.Config.Get(TrafficParameters.Shaping))
            container.Engine.Reporter.Warning("The rate is not in force: TRAFFIC_SHAPING is no");
        undo.Push("set the old rates", () =>
        {
            container.Engine.Traffic.SetAddresses(container.Ctid, addresses, oldAddresses);
            if (HasLink(before))
                container.Engine.Traffic.SetRates(container.Ctid, wanted, old);
        });
        container.Engine.Traffic.SetAddresses(container.Ctid, oldAddresses, addresses);
        if (HasLink(container) || HasLink(before))
            container.Engine.Traffic.SetRates(container.Ctid, old, wanted);
    }

    /// <inheritdoc/>
    public override void UpdateStopped(ContainerContext container, ContainerContext before, ParameterChanges changes, UndoStack undo)
    {
        if (Changed(changes, TrafficParameters.Rate, TrafficParameters.RateBound, TrafficParameters.Shaping))
            RatePlan.Of(container);
    }

    /// <inheritdoc/>
    public override void Release(ContainerContext container) => container.Engine.Traffic.Release(container.Ctid);

    // What is in force may name a device that has gone since; it is forgotten all the same.
    private static RatePlan PlanBefore(ContainerContext before)
    {
        try
        {
            return RatePlan.Of(before);
        }
        catch (InsulaException)
        {
            return RatePlan.None;
        }
    }

    private static bool HasLink(ContainerContext container)
        => NetworkPart.AddressesOf(container).Count + NetworkPart.SharedAddressesOf(container).Count > 0 || InterfacesPart.Of(container).Any(each => !each.IsMacvlan);

    private static List<IpAddress> AddressesOf(ContainerContext container)
        => [.. NetworkPart.AddressesOf(container).Concat(InterfacesPart.Of(container).SelectMany(each => each.Addresses)).Select(prefix => prefix.Address)];
}
