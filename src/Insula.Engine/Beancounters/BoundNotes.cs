using Insula.Engine.Containers;
using Insula.Engine.Parameters;

namespace Insula.Engine.Beancounters;

/// <summary>What a user should know about bounds that have just been changed: that more is held already, or that nothing enforces them.</summary>
internal static class BoundNotes
{
    /// <summary>Tells it of each resource that a command names.</summary>
    public static void Tell(ContainerContext container, ParameterChanges changes)
    {
        var mechanisms = BeancounterMechanisms.OfThisHost(container.Engine);
        var account = new BeancounterReader(container.Engine).Open(container.Ctid, new HostSnapshot(container.Engine.Bpf));
        foreach (var change in changes.Changes)
        {
            if (BeancounterResources.Of(change.Parameter) is not { } resource || change.Parameter.Change == ChangeMoment.Restart)
                continue;
            var mechanism = mechanisms.Of(resource);
            if (mechanism.Mechanism is Mechanism.None or Mechanism.Sampled)
                container.Engine.Reporter.Warning($"{resource.Name} is not enforced on this host ({mechanism.Word}: {mechanism.Explanation})");
            else if (resource == BeancounterResources.Terminals && BeancounterBounds.Of(container.Config, resource).Barrier == 0)
                container.Engine.Reporter.Warning("numpty: the kernel knows no bound of 0 terminals; the container may have 1");
            else if (IsRefusedAtBarrier(resource) && account?.TryReadRow(resource) is { } row && BeancounterBounds.Of(container.Config, resource).Barrier is var barrier && row.Held > barrier)
                container.Engine.Reporter.Info($"{resource.Name}: {row.Held} are in use, more than {barrier}; they stay, and more is refused");
        }
    }

    // The others have no barrier at which anything is refused: 0 there means that there is none.
    private static bool IsRefusedAtBarrier(BeancounterResource resource)
        => resource != BeancounterResources.Memory && resource != BeancounterResources.Swap && resource != BeancounterResources.OomGuarantee
            && resource != BeancounterResources.GuaranteedMemory;
}
