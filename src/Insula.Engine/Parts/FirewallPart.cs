using Insula.Engine.Containers;
using Insula.Engine.Network.Firewall;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Processes;

namespace Insula.Engine.Parts;

/// <summary>
/// What the host lets through to and from the container, and the host's ports that lead to it. Before the parts that make links, so that no packet passes a
/// link before its rules are there.
/// </summary>
public sealed class FirewallPart : ContainerPart
{
    /// <inheritdoc/>
    public override IReadOnlyList<ParameterDeclaration> Parameters { get; } =
    [
        FirewallParameters.Rules, FirewallParameters.Policy, FirewallParameters.Forwards, FirewallParameters.Connections, NetworkParameters.Addresses, NetworkParameters.Interfaces, NetworkParameters.Devices,
    ];

    /// <inheritdoc/>
    public override void Apply(ContainerContext container, PidFd init, UndoStack undo)
    {
        var firewall = ContainerFirewall.Of(container);
        if (firewall.IsEmpty && container.Engine.Global.Nat.Length == 0)
            return;
        foreach (var forward in firewall.Forwards)
        {
            if (ForwardConflicts.ListenerOf(forward) is { } address)
                container.Engine.Reporter.Warning($"A program on this host listens on {forward.Protocol} {address}, which is forwarded to CT {container.Ctid}");
        }
        undo.Push($"remove the firewall of CT {container.Ctid}", () => new HostFirewall(container.Engine).Remove(container.Ctid));
        new HostFirewall(container.Engine).Set(container);
    }

    /// <inheritdoc/>
    public override void Update(ContainerContext container, ContainerContext before, PidFd init, ParameterChanges changes, UndoStack undo)
    {
        Check(container, before, changes);
        if (ContainerFirewall.Of(container).IsEmpty && ContainerFirewall.Of(before).IsEmpty && container.Engine.Global.Nat.Length == 0)
            return;
        undo.Push("set the old firewall", () => new HostFirewall(container.Engine).Set(before));
        new HostFirewall(container.Engine).Set(container);
    }

    /// <inheritdoc/>
    public override void UpdateStopped(ContainerContext container, ContainerContext before, ParameterChanges changes, UndoStack undo)
        => Check(container, before, changes);

    /// <inheritdoc/>
    public override void Release(ContainerContext container) => new HostFirewall(container.Engine).Remove(container.Ctid);

    private static void Check(ContainerContext container, ContainerContext before, ParameterChanges changes)
    {
        var firewall = ContainerFirewall.Of(container);
        RequireRules(ContainerFirewall.Of(before), changes);
        if (Changed(changes, FirewallParameters.Rules))
        {
            var sets = AddressSets.Load(container.Engine.Layout);
            foreach (var name in firewall.Sets)
                sets.Require(name);
        }
        if (changes[FirewallParameters.Forwards] is { } change && change.TryGet(FirewallParameters.Forwards, out var added))
            new ForwardConflicts(container).Require(firewall, ContainerFirewall.Of(before).Forwards, added);
    }

    // What is to be removed must be there.
    private static void RequireRules(ContainerFirewall before, ParameterChanges changes)
    {
        if (changes[FirewallParameters.Rules]?.Removed is IReadOnlyList<AclRule> rules)
        {
            foreach (var gone in rules.Where(gone => gone.Position > before.Rules.Count))
                throw new InsulaException(ExitCode.BadValue, $"CT {before.Ctid} has no rule {gone.Position}", "see insula net acl list");
        }
        if (changes[FirewallParameters.Forwards]?.Removed is not IReadOnlyList<PortForward> forwards)
            return;
        foreach (var gone in forwards.Where(gone => !gone.IsAll && !before.Forwards.Any(known => known.IsMeantBy(gone))))
            throw new InsulaException(ExitCode.BadValue, $"CT {before.Ctid} has no forward of {gone.Protocol} {gone.HostPorts}", "see insula net forward list");
    }
}
