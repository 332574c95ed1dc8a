using Insula.Engine.ActionScripts;
using Insula.Engine.Containers;
using Insula.Engine.Network.Bridges;
using Insula.Engine.Network.Interfaces;
using Insula.Engine.Operations;
using Insula.Engine.Parts;
using Insula.Linux.Netlink;

namespace Insula.Engine.Network;

/// <summary>What OpenVZ's programs for a new link of a container do on the host: vznetcfg sets it up, vznetaddbr attaches it to a bridge.</summary>
/// <param name="engine">The installation.</param>
public sealed class LinkHooks(EngineContext engine)
{
    private const string UsualBridge = "vmbr0";

    /// <summary>vznetcfg: leaves it to EXTERNAL_SCRIPT of vznet.conf, else brings the link up as one that the host routes.</summary>
    /// <param name="link">The host's end.</param>
    /// <param name="container">VEID; null: it follows from the link.</param>
    /// <exception cref="InsulaException">3: there is no such link. 79: the script failed.</exception>
    public void SetUp(string link, string? container)
    {
        using var host = RouteSocket.Open();
        var found = Require(host, link);
        if (!ExternalScript.TryRun(engine, OwnerOf(found, container), link))
            BringUp(host, found);
    }

    /// <summary>vznetaddbr: attaches the link to the bridge that NETIF names, else to vmbr0.</summary>
    /// <param name="link">The host's end.</param>
    /// <param name="container">VEID; null: it follows from the link.</param>
    /// <param name="text">VE_NETIF; null: as the configuration has it.</param>
    /// <returns>The bridge; null: the container has no such interface, and nothing is done.</returns>
    /// <exception cref="InsulaException">1: it has none at all. 3: there is no such link. 130: there is no such bridge.</exception>
    public string? Attach(string link, string? container, string? text)
    {
        using var host = RouteSocket.Open();
        var found = Require(host, link);
        var ctid = OwnerOf(found, container);
        if (Find(ctid, link, text) is not { } wanted)
            return null;
        var bridges = new HostBridges(host, engine.Global.Bridges);
        var name = string.IsNullOrEmpty(wanted.Bridge) ? UsualBridge : wanted.Bridge;
        using var undo = engine.NewUndo();
        var bridge = bridges.Ensure(name, undo)!;
        BringUp(host, found);
        new InterfaceLinks(host, bridges).Attach(ctid, wanted, bridge);
        undo.Commit();
        return name;
    }

    private NetworkInterface? Find(Ctid ctid, string link, string? text)
    {
        if (text is not null && InterfaceText.TryParse(text, out var given) is null && given.HostName == link)
            return given;
        var stored = engine.Store.Load(ctid);
        var container = new ContainerContext(engine, AppliedConfig.Load(engine, stored));
        var all = InterfacesPart.Of(container).Concat(InterfacesPart.Of(new ContainerContext(engine, stored))).ToList();
        return all.Count > 0
            ? all.Find(each => each.HostName == link)
            : throw new InsulaException(ExitCode.SetBeancounter, $"According to {engine.Store.ConfigPath(ctid)} CT {ctid} has no veth interface");
    }

    private static void BringUp(RouteSocket host, LinkInfo link)
    {
        host.SetIPv4Settings(link.Index, (IPv4LinkSetting.ProxyArp, 1), (IPv4LinkSetting.Forwarding, 1));
        if (LinkSysctl.HasIPv6)
        {
            LinkSysctl.SetIPv6(link.Name, "forwarding", 1);
            LinkSysctl.SetIPv6(link.Name, "proxy_ndp", 1);
        }
        host.ChangeLink(link.Index, new LinkChange { Up = true });
    }

    private static LinkInfo Require(RouteSocket host, string link)
        => host.FindLink(InterfaceName.Parse(link).Value) ?? throw new InsulaException(ExitCode.SystemError, $"Unknown network interface {link}");

    // VEID; the alias that we give; the name, veth101.0, which anybody could give.
    private static Ctid OwnerOf(LinkInfo link, string? container)
    {
        if (container is { Length: > 0 })
            return Ctid.TryParse(container, out var named) ? named : throw new InsulaException(ExitCode.BadValue, $"Bad container number \"{container}\" in VEID");
        const string stem = "veth";
        var dot = link.Name.IndexOf('.', StringComparison.Ordinal);
        return InterfaceLinks.OwnerOf(link) is { } owner ? owner
            : dot > 0 && link.Name.StartsWith(stem, StringComparison.Ordinal) && Ctid.TryParse(link.Name.AsSpan(stem.Length, dot - stem.Length), out var ctid) ? ctid
            : throw new InsulaException(ExitCode.BadValue, $"{link.Name} is not known as a link of a container", "say which one in the environment variable VEID");
    }
}
