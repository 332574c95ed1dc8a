using Insula.Engine.Network.Firewall;
using Insula.Engine.Parameters.Kinds;

namespace Insula.Engine.Parameters.Catalog;

/// <summary>What the host lets through to and from the container, and by which of its ports it is reached.</summary>
public static class FirewallParameters
{
    public static readonly ParameterDeclaration<IReadOnlyList<AclRule>> Rules = new("ACL", new AclRulesKind(), ParameterGroup.Network,
        "Rules of the host for the container's packets, which it cannot see or change")
    {
        GlobalDefault = false,
        Options =
        [
            new("acl_add", "RULE", "Add a rule of the outside firewall; see insula net acl add") { Effect = OptionEffect.Merge },
            new("acl_del", "NUMBER|all", "Remove a rule of the outside firewall, or all") { Effect = OptionEffect.Remove, CommandLineKind = new AclRemovalKind() },
        ],
    };

    public static readonly ParameterDeclaration<AclPolicy> Policy = new("ACL_POLICY", new AclPolicyKind(), ParameterGroup.Network,
        "What the host does with packets of the container that no rule fits")
    {
        GlobalDefault = false,
        Options = [new("acl_policy", "in=ACTION,out=ACTION", "Set what becomes of packets that no rule fits; see insula net acl policy") { Effect = OptionEffect.Merge }],
    };

    public static readonly ParameterDeclaration<IReadOnlyList<PortForward>> Forwards = new("FORWARD", new PortForwardsKind(), ParameterGroup.Network,
        "Ports of the host that lead to the container")
    {
        GlobalDefault = false,
        Options =
        [
            new("forward_add", "FORWARD", "Forward a port of the host to the container; see insula net forward add") { Effect = OptionEffect.Merge },
            new("forward_del", "FORWARD|all", "End a forward, or all") { Effect = OptionEffect.Remove, CommandLineKind = new PortForwardRemovalKind() },
        ],
    };

    public static readonly ParameterDeclaration<long> Connections = new("CONNTRACK_LIMIT", new IntegerKind(0, 1_000_000), ParameterGroup.Network,
        "Connections that the host follows for the container at a time, those to it and those from it apart; 0: as many as it likes; unless set, an eighth of the host's table where there are rules, forwards or NAT")
    {
        Options = [new("conntrack_limit", "N", "Set how many connections of the container the host follows at most, each way; 0: no bound")],
    };

    /// <summary>The value of <see cref="Netfilter"/> that takes packet filters from a container.</summary>
    public const string NetfilterDisabled = "disabled";

    /// <summary>The value that leaves them to it.</summary>
    public const string NetfilterFull = "full";

    public static readonly ParameterDeclaration<string> Netfilter = new("NETFILTER", new ChoiceKind(NetfilterDisabled, "stateless", "stateful", NetfilterFull),
        ParameterGroup.Network, "Packet filters inside the container: disabled takes them away; stateless and stateful are kept, and give as much as full")
    {
        GlobalDefault = false,
        Change = ChangeMoment.Restart,
        Options =
        [
            new("netfilter", "disabled|stateless|stateful|full", "Let the container have packet filters of its own, or not; stateless and stateful are as full"),
        ],
    };

    internal static ParameterDeclaration[] All => [Rules, Policy, Forwards, Connections, Netfilter];
}
