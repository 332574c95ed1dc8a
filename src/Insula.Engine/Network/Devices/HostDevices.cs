using Insula.Engine.Containers;
using Insula.Linux.Launch;
using Insula.Linux.Netlink;
using Insula.Linux.Processes;
using Insula.Linux.Syscalls;

namespace Insula.Engine.Network.Devices;

/// <summary>Hands network devices of the host over to a container, and takes them back as they were.</summary>
/// <param name="host">A socket of the host's network namespace; stays the caller's.</param>
/// <param name="engine">Where it is noted, and who is told.</param>
/// <param name="ctid">The container; the caller holds its lock.</param>
internal sealed class HostDevices(RouteSocket host, EngineContext engine, Ctid ctid)
{
    private const string OwnNamespace = "/proc/thread-self/ns/net";
    private const string AnyName = "dev%d";

    private readonly HandedDevices _notes = new(engine.Runtime);
    private readonly HeldNetwork _network = new(engine.Runtime, ctid);

    /// <summary>The devices that the container has.</summary>
    public IReadOnlyList<string> Given => [.. _notes.Of(ctid).Select(device => device.Name)];

    /// <summary>The device, if it can be handed over. Changes nothing.</summary>
    /// <exception cref="InsulaException">104: it is not there, another container's, or the host needs it.</exception>
    public LinkInfo RequireFree(string name)
    {
        if (host.FindLink(name) is not { } link)
        {
            throw _notes.OwnerOf(name) is { } owner
                ? Refusal(name, $"CT {owner} has it", $"take it back first: vzctl set {owner} --netdev_del {name}")
                : Refusal(name, "there is none of that name on this host");
        }
        if (link.Flags.HasFlag(LinkFlags.Loopback) || link.Kind == "bridge")
            throw Refusal(name, $"a {link.Kind ?? "loopback"} device stays on the host");
        if (VenetName.TryParseOnHost(name, out var ofVenet))
            throw Refusal(name, $"it is the host's end of CT {ofVenet}'s network");
        if (link.Alias?.StartsWith("insula CT ", StringComparison.Ordinal) == true)
            throw Refusal(name, $"it is the host's end of {link.Alias["insula ".Length..]}'s network");
        if (link.MasterIndex != 0)
            throw Refusal(name, $"it belongs to {host.FindLink(link.MasterIndex)?.Name ?? "another device"}", $"take it out first: ip link set {name} nomaster");
        if (CarriesDefaultRoute(link))
            throw Refusal(name, "the host's default route leads over it", "the host would not be reached any more");
        return link;
    }

    /// <summary>Moves a device into the container, where it is down.</summary>
    public void Give(string name, PidFd init, UndoStack undo)
    {
        var link = RequireFree(name);
        var device = HandedDevice.Of(link, host.Addresses(link.Index));
        _network.Hold(init.Pid);
        _notes.Note(ctid, device);
        undo.Push($"take {name} back", () => VenetRoutes.LaterOnHost(socket => new HostDevices(socket, engine, ctid).Take(name)));
        try
        {
            host.MoveLink(link.Index, LinkNamespace.OfProcess(init.Pid));
        }
        catch (LinuxException error)
        {
            throw Refusal(name, error.Errno == Errno.EEXIST ? "the container has one of that name" : error.Message, error.Hint);
        }
        using var inside = _network.TryOpen();
        if (inside?.FindLink(name) is { } there)
            _notes.Note(ctid, device.ArrivedAs(there));
    }

    /// <summary>Takes a device back, with its name and its state. One that the container does not have any more is looked for on the host.</summary>
    public void Take(string name)
    {
        if (_notes.Of(ctid).FirstOrDefault(device => device.Name == name) is { } device)
        {
            using var inside = _network.TryOpen();
            Take(device, inside);
        }
        if (_notes.Of(ctid).Count == 0)
            _network.Release();
    }

    /// <summary>Takes all of them back. May be repeated.</summary>
    public void TakeAll()
    {
        var devices = _notes.Of(ctid);
        if (devices.Count > 0)
        {
            using var inside = _network.TryOpen();
            foreach (var device in devices)
                Take(device, inside);
        }
        _network.Release();
    }

    private void Take(HandedDevice device, RouteSocket? inside)
    {
        if (inside?.Links().FirstOrDefault(device.IsSame) is { } there)
            Restore(device, MoveHere(device, there, inside));
        else if (host.FindLink(device.Name) is { } here && here.Kind == device.Kind)
            Restore(device, here);
        else
            engine.Reporter.Warning($"Network device {device.Name} did not come back from CT {ctid}: it is gone, or root in the container has exchanged it");
        _notes.Forget(ctid, device.Name);
    }

    private LinkInfo? MoveHere(HandedDevice device, LinkInfo there, RouteSocket inside)
    {
        using var own = Files.Open(OwnNamespace, OpenFlags.ReadOnly);
        var here = LinkNamespace.OfDescriptor(own);
        var before = host.Links().Select(link => link.Index).ToHashSet();
        try
        {
            inside.MoveLink(there.Index, here, device.Name);
            return host.FindLink(device.Name);
        }
        catch (LinuxException error) when (error.Errno is Errno.EEXIST or Errno.EINVAL && host.FindLink(device.Name) is not null)
        {
            inside.MoveLink(there.Index, here, AnyName);
        }
        var arrived = host.Links().FirstOrDefault(link => !before.Contains(link.Index) && link.Kind == device.Kind && link.Name.StartsWith("dev", StringComparison.Ordinal));
        engine.Reporter.Warning($"Network device {device.Name} came back from CT {ctid} as {arrived?.Name ?? "another"}: the name is taken on this host");
        return arrived;
    }

    // What the container has done to it is undone, as far as the device lets itself be changed.
    private void Restore(HandedDevice device, LinkInfo? link)
    {
        if (link is null)
            return;
        try
        {
            if (!string.IsNullOrEmpty(link.Alias))
                host.ChangeLink(link.Index, new LinkChange { Alias = "" });
            if (link.Mac != device.Mac || link.Mtu != device.Mtu)
                host.ChangeLink(link.Index, new LinkChange { Mac = link.Mac == device.Mac ? null : device.Mac, Mtu = device.Mtu });
            host.ChangeLink(link.Index, new LinkChange { Up = device.WasUp });
            foreach (var (address, length) in device.Addresses)
                host.AddAddress(link.Index, address, length);
        }
        catch (LinuxException error)
        {
            engine.Reporter.Warning($"Network device {link.Name} came back from CT {ctid}, but not as it was: {error.Message}");
        }
    }

    private bool CarriesDefaultRoute(LinkInfo link)
        => host.Routes(IpFamily.IPv4, link.Index).Any(route => route.Destination is null)
            || (LinkSysctl.HasIPv6 && host.Routes(IpFamily.IPv6, link.Index).Any(route => route.Destination is null));

    private static InsulaException Refusal(string name, string why, string? hint = null)
        => new(ExitCode.HostNetworkDevice, $"Network device {name} cannot be handed over: {why}", hint);
}
