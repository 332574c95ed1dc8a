using Insula.Engine.Configuration;
using Insula.Engine.Containers;
using Insula.Engine.Operations;
using Insula.Engine.Parameters.Catalog;
using Insula.Linux.Netlink;
using Insula.Linux.Nftables;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network.Firewall;

/// <summary>What an administrator asks of the firewall, and what concerns all containers. One container's rules and forwards are parameters of it.</summary>
/// <param name="engine">The host's containers.</param>
public sealed class FirewallCommands(EngineContext engine)
{
    private const string NatKey = "NAT";

    /// <summary>The rules in force of containers, or of one: with what they have counted.</summary>
    /// <exception cref="InsulaException">14: the one has no configuration.</exception>
    public IReadOnlyList<AclListing> Acl(Ctid? only)
    {
        var counters = HostFirewall.Counters();
        var all = new List<AclListing>();
        foreach (var (ctid, config) in Configurations(only))
        {
            var firewall = ContainerFirewall.Of(new ContainerContext(engine, config));
            var beyond = Count(counters, FirewallTables.ConnectionCounter(ctid));
            if (only is null && firewall.Rules.Count == 0 && firewall.Policy.ToString().Length == 0 && beyond.Packets == 0 && !config.TryGet(FirewallParameters.Connections, out _))
                continue;
            all.Add(new AclListing(
                ctid, firewall.Policy, [.. firewall.Rules.Select(rule => (rule, Count(counters, FirewallTables.CounterName(ctid, rule))))],
                Count(counters, FirewallTables.CounterName(ctid, AclDirection.In)), Count(counters, FirewallTables.CounterName(ctid, AclDirection.Out)))
            {
                ConnectionLimit = firewall.Connections,
                BeyondLimit = beyond,
            });
        }
        return all;
    }

    private static AclCount Count(IReadOnlyDictionary<string, NftCounter> counters, string name)
        => counters.TryGetValue(name, out var counter) ? new AclCount(counter.Packets, counter.Bytes) : default;

    /// <summary>The forwards of containers, or of one, with where each leads to.</summary>
    /// <exception cref="InsulaException">14: the one has no configuration.</exception>
    public IReadOnlyList<ForwardListing> Forwards(Ctid? only)
    {
        var all = new List<ForwardListing>();
        foreach (var (ctid, config) in Configurations(only))
        {
            if (!config.TryGet(FirewallParameters.Forwards, out var forwards))
                continue;
            var firewall = ContainerFirewall.Of(new ContainerContext(engine, config));
            all.AddRange(forwards.Select(forward => new ForwardListing(
                ctid, forward, [.. new[] { firewall.TargetOf(forward, IpFamily.IPv4), firewall.TargetOf(forward, IpFamily.IPv6) }.OfType<IpAddress>()])));
        }
        return all;
    }

    // What a running container has, else what is stored.
    private IEnumerable<(Ctid Ctid, ContainerConfig Config)> Configurations(Ctid? only)
    {
        foreach (var ctid in only is { } one ? [one] : engine.Store.List())
        {
            if ((only is null ? engine.Store.TryLoad(ctid) : engine.Store.Load(ctid)) is { } stored)
                yield return (ctid, engine.Runtime.IsRunning(ctid) ? AppliedConfig.Load(engine, stored) : stored);
        }
    }

    /// <summary>The sets with their networks.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<NetworkPrefix> Networks)> Sets(string? only)
    {
        var sets = AddressSets.Load(engine.Layout);
        return [.. (only is null ? sets.Names : [AddressSets.RequireName(only)]).Select(name => (name, sets.Require(name)))];
    }

    /// <summary>Adds networks to a set, which is made if there is none; also where rules refer to it now.</summary>
    public void AddToSet(string name, IReadOnlyList<string> networks)
    {
        AddressSets.RequireName(name);
        var added = AddressSets.Parse(networks);
        ChangeSets(sets => sets.Set(name, [.. sets.Find(name) ?? [], .. added]));
    }

    /// <summary>Takes networks out of a set, or without any the set away.</summary>
    /// <exception cref="InsulaException">21: there is no such set or network, or a rule refers to the set.</exception>
    public void RemoveFromSet(string name, IReadOnlyList<string> networks)
    {
        var gone = AddressSets.Parse(networks);
        ChangeSets(sets =>
        {
            var old = sets.Require(AddressSets.RequireName(name));
            foreach (var network in gone.Where(network => !old.Contains(network)))
                throw new InsulaException(ExitCode.BadValue, $"{network} is not in the address set {name}");
            if (gone.Count == 0)
                RequireUnused(name);
            sets.Set(name, gone.Count == 0 ? null : [.. old.Except(gone)]);
        });
    }

    // The file goes back to what it was if the kernel refuses.
    private void ChangeSets(Action<AddressSets> change)
    {
        using var held = FirewallLock.OfSettings(engine.Layout);
        var path = AddressSets.PathOf(engine.Layout);
        var before = File.Exists(path) ? File.ReadAllBytes(path) : null;
        var sets = AddressSets.Load(engine.Layout);
        change(sets);
        sets.Save();
        Renew(path, before, engine);
    }

    private void RequireUnused(string name)
    {
        foreach (var ctid in engine.Store.List())
        {
            if (engine.Store.TryLoad(ctid) is { } config && config.TryPeek(FirewallParameters.Rules, out var rules) && rules.Any(rule => rule.Sets.Contains(name)))
                throw new InsulaException(ExitCode.BadValue, $"The address set {name} is used by a rule of CT {ctid}", $"see insula net acl list {ctid}");
        }
    }

    /// <summary>NAT of vz.conf.</summary>
    public IReadOnlyList<NatRule> Nat() => NatRule.ParseList(engine.Global.Nat);

    /// <summary>Hides a network of containers.</summary>
    /// <exception cref="InsulaException">21: it overlaps one that is hidden already.</exception>
    public void AddNat(NatRule added) => ChangeNat(old =>
    {
        if (old.FirstOrDefault(known => known.Network.Overlaps(added.Network) && (known.Uplink is null || added.Uplink is null || known.Uplink == added.Uplink)) is { } taken)
            throw new InsulaException(ExitCode.BadValue, $"There is NAT for {taken.Network} already", "see insula net nat list");
        RequireUplink(added);
        return [.. old, added];
    });

    /// <summary>Does not hide a network any more.</summary>
    /// <exception cref="InsulaException">21: it is not hidden.</exception>
    public void RemoveNat(NetworkPrefix network) => ChangeNat(old => old.Any(known => known.Network == network)
        ? [.. old.Where(known => known.Network != network)]
        : throw new InsulaException(ExitCode.BadValue, $"There is no NAT for {network}", "see insula net nat list"));

    private static void RequireUplink(NatRule nat)
    {
        using var host = RouteSocket.Open();
        if (nat.Uplink is { } uplink && host.FindLink(uplink) is null)
            throw new InsulaException(ExitCode.NetworkDevice, $"The uplink {uplink} does not exist");
        if (nat.To is { } address && !host.Links().Any(link => host.Addresses(link.Index).Any(known => known.Address == address)))
            throw new InsulaException(ExitCode.BadAddress, $"{address} is no address of this host");
    }

    private void ChangeNat(Func<IReadOnlyList<NatRule>, IReadOnlyList<NatRule>> change)
    {
        using var held = FirewallLock.OfSettings(engine.Layout);
        var path = engine.Global.File.Name;
        var before = File.ReadAllBytes(path);
        var file = ConfigFile.Parse(path, before);
        var wanted = change(NatRule.ParseList(file.Get(NatKey) ?? ""));
        if (wanted.Count > 0)
            file.Set(NatKey, string.Join(';', wanted));
        else
            file.Remove(NatKey);
        file.Save(path);
        Renew(path, before, new EngineContext(GlobalConfig.Parse(file), engine.Reporter));
    }

    private void Renew(string path, byte[]? before, EngineContext changed)
    {
        try
        {
            new HostFirewall(changed).Renew();
        }
        catch (Exception error) when (error is InsulaException or LinuxException)
        {
            if (before is null)
                File.Delete(path);
            else
                AtomicFile.Replace(path, before);
            throw;
        }
    }
}

/// <summary>What was counted since the container was started.</summary>
/// <param name="Packets">How many packets.</param>
/// <param name="Bytes">Their bytes.</param>
public readonly record struct AclCount(ulong Packets, ulong Bytes);

/// <summary>The outside firewall of one container.</summary>
/// <param name="Ctid">The container.</param>
/// <param name="Policy">What becomes of what no rule fits.</param>
/// <param name="Rules">The rules with what they have counted.</param>
/// <param name="DeniedIn">What the policy has dropped on the way in.</param>
/// <param name="DeniedOut">And on the way out.</param>
public sealed record AclListing(Ctid Ctid, AclPolicy Policy, IReadOnlyList<(AclRule Rule, AclCount Count)> Rules, AclCount DeniedIn, AclCount DeniedOut)
{
    /// <summary>The most connections each way that the host follows; 0: no bound.</summary>
    public long ConnectionLimit { get; init; }

    /// <summary>What was dropped for that.</summary>
    public AclCount BeyondLimit { get; init; }
}

/// <summary>A forward of a container.</summary>
/// <param name="Ctid">The container.</param>
/// <param name="Forward">The forward.</param>
/// <param name="Targets">Where it leads to.</param>
public sealed record ForwardListing(Ctid Ctid, PortForward Forward, IReadOnlyList<IpAddress> Targets);
