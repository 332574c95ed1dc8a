using Insula.Engine.Network.Firewall;

namespace Insula.Cli.InsulaTool;

/// <summary>A rule as <c>insula net acl list --json</c> shows it.</summary>
internal sealed record NetAclRuleJson(
    int Number, string Direction, string Action, string Protocol, List<string> Ports, List<string> From, List<string> To, bool Log, ulong Packets, ulong Bytes);

/// <summary>A policy as <c>insula net acl list --json</c> shows it; counted is what was dropped.</summary>
internal sealed record NetAclPolicyJson(string Action, ulong Packets, ulong Bytes);

/// <summary>The bound on connections as <c>insula net acl list --json</c> shows it; 0: none; counted is what was beyond it.</summary>
internal sealed record NetConnectionsJson(long Limit, ulong Packets, ulong Bytes);

/// <summary>A container as <c>insula net acl list --json</c> shows it.</summary>
internal sealed record NetAclJson(int Ctid, List<NetAclRuleJson> Rules, NetAclPolicyJson In, NetAclPolicyJson Out, bool LogDenied, NetConnectionsJson Connections)
{
    /// <summary>From what the engine says.</summary>
    public static NetAclJson From(AclListing one)
    {
        var rules = new List<NetAclRuleJson>();
        foreach (var (rule, count) in one.Rules)
        {
            rules.Add(new NetAclRuleJson(
                rules.Count + 1, rule.DirectionName, rule.ActionName, rule.Protocol.ToString(), [.. rule.Ports.Select(port => port.ToString())],
                [.. rule.From.Select(address => address.ToString())], [.. rule.To.Select(address => address.ToString())], rule.Logs, count.Packets, count.Bytes));
        }
        return new NetAclJson(
            one.Ctid.Value, rules,
            new NetAclPolicyJson(one.Policy.Allows(AclDirection.In) ? "allow" : "deny", one.DeniedIn.Packets, one.DeniedIn.Bytes),
            new NetAclPolicyJson(one.Policy.Allows(AclDirection.Out) ? "allow" : "deny", one.DeniedOut.Packets, one.DeniedOut.Bytes),
            one.Policy.LogsDenied == true, new NetConnectionsJson(one.ConnectionLimit, one.BeyondLimit.Packets, one.BeyondLimit.Bytes));
    }
}

/// <summary>A set as <c>insula net set list --json</c> shows it.</summary>
internal sealed record NetSetJson(string Name, List<string> Networks);

/// <summary>A forward as <c>insula net forward list --json</c> shows it.</summary>
internal sealed record NetForwardJson(int Ctid, string Protocol, string HostPorts, string? HostAddress, string Ports, List<string> Addresses);

/// <summary>NAT as <c>insula net nat list --json</c> shows it; null: any link, and its own address.</summary>
internal sealed record NetNatJson(string Network, string? Uplink, string? To);
