using Insula.Engine.Network;

namespace Insula.Engine.Distributions.Networks;

/// <summary>netifrc of Gentoo: variables in /etc/conf.d/net, and a service net.NAME that is a link to net.lo.</summary>
internal sealed class Netifrc : INetworkService
{
    private const string ConfigPath = "etc/conf.d/net";
    private const string Services = "etc/init.d";
    private const string RunLevel = "etc/runlevels/default";
    private const string Original = "net.lo";
    private const string Remark = "# Started for: ";

    /// <inheritdoc/>
    public string Name => "netifrc";

    /// <inheritdoc/>
    public ServiceState Look(ContainerFiles files)
    {
        if (!files.Exists($"{Services}/{Original}"))
            return ServiceState.Missing;
        foreach (var name in files.List(RunLevel))
        {
            if (name.StartsWith("net.", StringComparison.Ordinal))
                return ServiceState.Active;
        }
        return ServiceState.Present;
    }

    /// <inheritdoc/>
    public bool Set(ContainerFiles files, IReadOnlyList<InterfaceSettings> interfaces)
    {
        var old = files.Read(ConfigPath) ?? "";
        var made = ServicesMade(old);
        var changed = RemoveServices(files, made, interfaces);
        var lines = interfaces.SelectMany(Settings).ToList();
        if (lines.Count > 0)
            lines.Insert(0, Remark + string.Join(' ', interfaces.Select(link => link.Name).Where(name => made.Contains(name) || !IsStarted(files, name))));
        var text = MarkedBlock.AtEnd(old, lines);
        if (text.Length > 0 || old.Length > 0)
            changed |= files.Write(ConfigPath, text);
        foreach (var link in interfaces)
        {
            if (!files.EntryExists($"{Services}/net.{link.Name}"))
                changed |= files.Link($"{Services}/net.{link.Name}", Original);
            if (!IsStarted(files, link.Name))
                changed |= files.Link($"{RunLevel}/net.{link.Name}", $"/{Services}/net.{link.Name}");
        }
        return changed;
    }

    /// <inheritdoc/>
    public bool Clear(ContainerFiles files) => Set(files, []);

    private static bool IsStarted(ContainerFiles files, string name) => files.EntryExists($"{RunLevel}/net.{name}");

    // Told by the first line of our block. What the container's owner had started before is not in it.
    private static string[] ServicesMade(string text)
        => MarkedBlock.OwnLines(text) is [var first, ..] && first.StartsWith(Remark, StringComparison.Ordinal)
            ? Array.FindAll(first[Remark.Length..].Split(' '), name => InterfaceName.TryParse(name, out _))
            : [];

    private static bool RemoveServices(ContainerFiles files, string[] made, IReadOnlyList<InterfaceSettings> interfaces)
    {
        var changed = false;
        foreach (var name in made)
        {
            if (interfaces.Any(link => link.Name == name))
                continue;
            changed |= files.Remove($"{RunLevel}/net.{name}");
            changed |= files.ReadLink($"{Services}/net.{name}") == Original && files.Remove($"{Services}/net.{name}");
        }
        return changed;
    }

    private static IEnumerable<string> Settings(InterfaceSettings link)
    {
        var ways = link.Addresses.Select(prefix => $"{prefix.Address}/{prefix.Length}").ToList();
        if (link.Dhcp4)
            ways.Add("dhcp");
        if (link.Dhcp6)
            ways.Add("dhcpv6");
        // Something must be there, or netifrc asks for DHCP.
        if (ways.Count == 0)
            ways.Add("null");
        var name = Variable(link.Name);
        yield return $"config_{name}=\"{string.Join('\n', ways)}\"";
        var routes = link.DefaultRoutes().Select(route => $"{route.Destination} {route.IpRouteWords(link.Name)["default ".Length..]}").ToList();
        if (routes.Count > 0)
            yield return $"routes_{name}=\"{string.Join("\n", routes)}\"";
        if (link.IsRouted)
            yield return $"dad_timeout_{name}=\"0\"";
    }

    // In a variable's name every other sign becomes an underscore.
    private static string Variable(string name) => string.Create(name.Length, name, (result, source) =>
    {
        for (var i = 0; i < source.Length; i++)
            result[i] = char.IsAsciiLetterOrDigit(source[i]) ? source[i] : '_';
    });
}
