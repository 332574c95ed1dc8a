using Insula.Engine.Containers;
using Insula.Engine.Distributions.Scripts;
using Insula.Engine.Network;
using Insula.Engine.Parameters;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Processes;

namespace Insula.Engine.Parts;

/// <summary>Tells the administrator's scripts in a running container what has changed, and on the way back what has changed back.</summary>
internal sealed class ScriptedUpdate(DistributionScripts scripts, ContainerContext container, ContainerContext before)
{
    /// <summary>Runs the scripts that there are for what was changed.</summary>
    public void Run(PidFd init, ParameterChanges changes, UndoStack undo)
    {
        if (changes[NetworkParameters.Addresses] != null)
            UpdateAddresses(init, undo);
        if (changes[NetworkParameters.HostName] != null || changes[NetworkParameters.Addresses] != null)
            Do(DistributionAction.SetHostName, init, HostName(container), HostName(before), undo);
        if (changes[NetworkParameters.NameServers] != null || changes[NetworkParameters.SearchDomains] != null)
            Do(DistributionAction.SetDns, init, Dns(container), Dns(before), undo);
        // A password is not known before it is set, so there is no way back.
        if (changes[GeneralParameters.UserPassword] is { } change && change.TryGet(GeneralParameters.UserPassword, out var password))
            scripts.Run(DistributionAction.SetUserPassword, init, ScriptEnvironment.Password(password.User, password.Password));
    }

    private void UpdateAddresses(PidFd init, UndoStack undo)
    {
        var (old, wanted) = (NetworkPart.AddressesOf(before), NetworkPart.AddressesOf(container));
        IReadOnlyList<IpPrefix> gone = [.. old.Except(wanted)], added = [.. wanted.Except(old)];
        if (gone.Count > 0)
            Undoable(DistributionAction.DelIp, DistributionAction.AddIp, init, gone, all: wanted.Count == 0, undo);
        if (added.Count > 0)
            Undoable(DistributionAction.AddIp, DistributionAction.DelIp, init, added, all: false, undo);
    }

    private void Undoable(
        DistributionAction action, DistributionAction opposite, PidFd init, IReadOnlyList<IpPrefix> addresses, bool all, UndoStack undo)
    {
        var ipv6 = container.Engine.Global.Ipv6;
        if (scripts.Has(opposite))
            undo.Push($"run the distribution's {DistributionFile.KeyOf(opposite)}", () => scripts.Run(opposite, init, ScriptEnvironment.Addresses(ScriptEnvironment.Running, addresses, ipv6, all: false)));
        scripts.Run(action, init, ScriptEnvironment.Addresses(ScriptEnvironment.Running, addresses, ipv6, all));
    }

    private void Do(DistributionAction action, PidFd init, string[] wanted, string[] old, UndoStack undo)
    {
        if (!scripts.Has(action))
            return;
        undo.Push($"run the distribution's {DistributionFile.KeyOf(action)}", () => scripts.Run(action, init, old));
        scripts.Run(action, init, wanted);
    }

    private static string[] HostName(ContainerContext container)
        => ScriptEnvironment.HostName(ScriptEnvironment.Running, container.HostName, NetworkPart.AddressesOf(container));

    private static string[] Dns(ContainerContext container)
    {
        var resolver = DistributionScripts.Resolver(container);
        return ScriptEnvironment.Dns(ScriptEnvironment.Running, resolver.Servers, resolver.SearchDomains);
    }
}
